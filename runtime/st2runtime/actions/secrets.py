"""What must not be shown, and texts and data with it masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

MASK = "********"
"""What StackStorm shows in the place of a secret."""

SHORT = 3
"""A text shorter than this is masked only where it stands alone: else it would be masked everywhere."""


class Secrets:
    """The secret values of a run. They are found in whatever is shown, as a whole or inside of texts."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._long: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Any:
        return iter(self._texts)

    def add(self, values: Iterable[Any]) -> None:
        """Remember secret values: texts, numbers, and everything inside of lists and mappings."""
        before = len(self._texts)
        for value in values:
            self._add(value)
        if len(self._texts) != before:
            long = (text for text in self._texts if len(text) >= SHORT)
            self._long = tuple(sorted(long, key=len, reverse=True))

    def _add(self, value: Any) -> None:
        match value:
            case None | bool():
                return
            case Mapping():
                for part in value.values():
                    self._add(part)
            case list() | tuple():
                for part in value:
                    self._add(part)
            case str():
                lines = [line.strip() for line in value.splitlines()]
                for text in (value, value.strip(), json.dumps(value)[1:-1], *lines):
                    if text:
                        self._texts[text] = None
            case _:
                self._texts[str(value)] = None

    def text(self, text: str) -> str:
        """A text without the secrets."""
        if not self._texts:
            return text
        if text in self._texts:
            return MASK
        for secret in self._long:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    def data(self, value: Any) -> Any:
        """Data without the secrets: the same object when there are none."""
        return self._data(value) if self._texts else value

    def _data(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {self.text(str(key)): self._data(part) for key, part in value.items()}
            case list() | tuple():
                return [self._data(part) for part in value]
            case bool() | None:
                return value
            case int() | float():
                return MASK if str(value) in self._texts else value
            case _:
                return value
