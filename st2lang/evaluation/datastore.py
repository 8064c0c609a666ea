"""The datastore as Jinja in an ActionChain sees it: `st2kv.system.some.key`.

Specified by `st2common.services.keyvalues`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from st2lang.functions.failure import EvaluationError


class Keys:
    """A key, or what keys begin with. As text it is the key's value, and nothing when there is none.

    `find` gives the value of a key such as `system.a.b`, decrypted or not, and raises KeyError.
    """

    def __init__(self, find: Callable[[str, bool], Any], name: str) -> None:
        self._find, self._name = find, name

    def __getattr__(self, part: str) -> Keys:
        if part.startswith("__"):
            raise AttributeError(part)
        return Keys(self._find, f"{self._name}.{part}")

    def __getitem__(self, part: object) -> Keys:
        return Keys(self._find, f"{self._name}.{part}")

    def __str__(self) -> str:
        try:
            return str(self._find(self._name, False))
        except KeyError:
            return ""


def st2kv(find: Callable[[str, bool], Any]) -> dict[str, Keys]:
    """The variable `st2kv` of an ActionChain."""
    return {"system": Keys(find, "system"), "user": Keys(find, "user")}


def decrypted(value: Any) -> str:
    """The filter `decrypt_kv`: the secret that a key holds."""
    if not isinstance(value, Keys):
        raise EvaluationError("`decrypt_kv` needs a key: `st2kv.system.key | decrypt_kv`")
    try:
        return str(value._find(value._name, True))
    except KeyError:
        raise EvaluationError(
            f"there is no key `{value._name}` in the datastore", "undefined"
        ) from None
