"""Secrets in a log: wherever one occurs in the text of an entry there is its number, and the secret is sealed.

Entries are JSON in ASCII, in which there are no control characters: a number between two of them can be told
from everything else, and putting the secrets back gives the very text that was there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from st2runtime.actions.secrets import SHORT, Secrets

_MARK = "\x1e"
_NUMBER = re.compile(f"{_MARK}([0-9]+){_MARK}")


class Cloak:
    """The secrets of one run in the order in which they became known."""

    def __init__(self, secrets: Secrets, known: Sequence[str] = ()) -> None:
        self._secrets = secrets
        self._texts = list(known)
        self._numbers = {_written(text): number for number, text in enumerate(self._texts)}
        self._pattern: re.Pattern[str] | None = None
        secrets.add(known)
        if self._texts:
            self._compile()

    def new(self) -> list[str]:
        """The secrets that have become known since the last call."""
        if len(self._secrets) == len(self._texts):
            return []
        known = set(self._texts)
        found = [text for text in self._secrets if text not in known]
        for text in found:
            self._numbers[_written(text)] = len(self._texts)
            self._texts.append(text)
        if found:
            self._compile()
        return found

    def hide(self, text: str) -> str:
        """The text of an entry with numbers in the place of secrets."""
        if self._pattern is None:
            return text
        return self._pattern.sub(self._hidden, text)

    def show(self, text: str) -> str:
        """The text that was hidden. Raises `ValueError` for a number that stands for nothing."""
        return text if _MARK not in text else _NUMBER.sub(self._shown, text)

    def _compile(self) -> None:
        long = sorted((t for t in self._numbers if len(t) >= SHORT), key=len, reverse=True)
        short = [f'"{re.escape(t)}"' for t in self._numbers if len(t) < SHORT]
        parts = [*map(re.escape, long), *short]
        self._pattern = re.compile(rf"({'|'.join(parts)})|\\(?:u[0-9a-f]{{4}}|.)")

    def _hidden(self, match: re.Match[str]) -> str:
        found = match[1]
        if found is None:
            return match[0]
        number = self._numbers.get(found)
        if number is None:  # a short one, with its quotes
            return f'"{_MARK}{self._numbers[found[1:-1]]}{_MARK}"'
        return f"{_MARK}{number}{_MARK}"

    def _shown(self, match: re.Match[str]) -> str:
        number = int(match[1])
        if number >= len(self._texts):
            raise ValueError("a secret is missing")
        return _written(self._texts[number])


def _written(text: str) -> str:
    return json.dumps(text)[1:-1]
