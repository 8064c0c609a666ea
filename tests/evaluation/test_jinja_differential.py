"""Jinja against jinja2 itself, with the settings that Orquesta has: random expressions and templates."""

from __future__ import annotations

import os
import re
from random import Random
from types import GeneratorType
from typing import Any

import jinja2
import pytest
from evaluation.jinja_compose import DATA, expression, template
from evaluation.yaql_oracle import shape

from st2lang.evaluation import EvaluationError, Scope, render

COUNT = int(os.environ.get("ST2C_FUZZ", "1"))

_ENGINE = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_NO_DATA = re.compile(r" at 0x|Undefined|<function|<class|<bound|<built-in|<generator|jinja2\.")
"""What is no data, and of which texts show the insides."""


def _ctx(name: str | None = None) -> Any:
    public = {key: value for key, value in DATA.items() if not key.startswith("__")}
    return public[name] if name else public


def _theirs(text: str, whole: bool) -> tuple[str, Any]:
    try:
        if whole:
            value = _ENGINE.compile_expression(text, undefined_to_none=False)(ctx=_ctx)
            value = list(value) if isinstance(value, GeneratorType) else value
            str(value)  # of what is undefined: an error
        else:
            value = _ENGINE.from_string(text).render(ctx=_ctx)
    except Exception as error:
        return "error", error
    return "value", value


def _ours(text: str) -> tuple[str, Any]:
    try:
        return "value", render(text, Scope(DATA))
    except EvaluationError as error:
        return "error", error


def _agree(text: str, wanted: tuple[str, Any]) -> None:
    if _NO_DATA.search(repr(wanted[1])) or (isinstance(wanted[1], str) and "{" in wanted[1]):
        return  # no data, or a text that is evaluated again
    found = _ours(text)
    assert found[0] == wanted[0], (text, wanted, found)
    if wanted[0] == "value":
        assert shape(found[1]) == shape(wanted[1]), text
    else:
        place = found[1].span
        assert 0 <= place.start <= place.end <= len(found[1].expression), text


@pytest.mark.parametrize("seed", range(6 * COUNT))
def test_expressions_agree(seed: int) -> None:
    random = Random(seed)
    for _ in range(50):
        text = expression(random, depth=random.randint(1, 4))
        if "%}" not in text and "}}" not in text:
            _agree(f"{{{{ {text} }}}}", _theirs(text, whole=True))


@pytest.mark.parametrize("seed", range(6 * COUNT))
def test_templates_agree(seed: int) -> None:
    random = Random(seed)
    for _ in range(25):
        text = template(random)
        if "{% raw" not in text and "{%" in text:
            _agree(text, _theirs(text, whole=False))
