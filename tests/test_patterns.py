"""Lazy patterns do what compiled ones do, and all of the project's compile."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from st2lang import patterns

ROOT = Path(patterns.__file__).parent


def test_a_lazy_pattern_is_a_pattern() -> None:
    word = patterns.lazy(r"\b(\w)(\w*)", re.IGNORECASE)
    assert word.sub(r"\2\1", "ab cd") == "ba dc"
    assert [m[0] for m in word.finditer("ab cd")] == ["ab", "cd"]
    assert word.fullmatch("ab cd") is None
    assert word.pattern == r"\b(\w)(\w*)"


MODULES = sorted(
    ".".join(("st2lang", *path.relative_to(ROOT).with_suffix("").parts))
    for path in ROOT.rglob("*.py")
    if "lazy(" in path.read_text(encoding="utf-8")
    and path.name not in ("patterns.py", "__init__.py")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_pattern_compiles(name: str) -> None:
    for value in vars(import_module(name)).values():
        if isinstance(value, patterns._Lazy):
            assert value.pattern is not None
