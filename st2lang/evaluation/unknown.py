"""What is undefined in Jinja, with a message that helps: the keys that there are, and the nearest one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing as nowhere

from st2lang.functions._orquesta import missing
from st2lang.functions.explain import described


class Message(str):
    """A message, the name that was looked up in vain, the kind of the error, and what is undefined.

    `bare`: it is a name by itself, not a part of something.
    """

    __slots__ = ("bare", "kind", "name", "undefined")
    bare: bool
    kind: str
    name: Any
    undefined: Undefined


class Unknown(StrictUndefined):
    """Something undefined."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if isinstance(name, Unknown):  # of `list[it]`: it is what is wrong
            return name._undefined_message
        message = Message(self._undefined_hint or self._reason(name))
        message.name, message.undefined = name, self
        message.bare = self._undefined_hint is None and self._undefined_obj is nowhere
        message.kind = "key" if self._is_key() else "undefined"
        return message

    def _is_key(self) -> bool:
        return self._undefined_hint is None and isinstance(self._undefined_obj, Mapping)

    def _reason(self, name: Any) -> str:
        owner = self._undefined_obj
        if isinstance(owner, Mapping):
            return missing(name, owner).message
        if owner is nowhere:
            return f"`{name}` is undefined"
        if isinstance(name, str):
            return f"{described(type(owner))} has no `.{name}`"
        return f"{described(type(owner))} has no element {name!r}"


class NoVariable(Unknown):
    """A variable of the workflow that is not there."""

    __slots__ = ()

    def _is_key(self) -> bool:
        return False

    def _reason(self, name: Any) -> str:
        assert isinstance(self._undefined_obj, Mapping)
        return missing(name, self._undefined_obj, "variable").message
