"""`cases/*.json`: lists of texts with the tree, or with the place and the message of the error.

Trees are written as `(kind part …)`. Refresh with `--bless`, and read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from expressions.jinja.jinja_oracle import our_form

from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.jinja import parse_expression, parse_template

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def written(form: Any) -> str:
    """A form of the oracle as one line: names and constants as they are, lists in parentheses."""
    match form:
        case ["const", _, str() as value] | ["name", str() as value]:
            return value
        case [str() as word, *parts]:
            return f"({' '.join([word, *map(written, parts)])})"
        case list():
            return f"[{' '.join(map(written, form))}]"
        case None:
            return "-"
    return str(form) if isinstance(form, str) and form.strip() == form and form else repr(form)


def outcome(kind: str, text: str) -> dict[str, Any]:
    """What a case file says about a text: its tree, or what is wrong and with which characters."""
    result = parse_expression(text) if kind.startswith("expression") else parse_template(text)
    if not isinstance(result, ExpressionSyntaxError):
        return {"text": text, "tree": written(our_form(result))}
    wrong = {"at": [*result.span], "found": text[slice(*result.span)], "error": result.message}
    return {"text": text, **wrong, **({"help": result.help} if result.help else {})}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path, bless: bool) -> None:
    expected = json.loads(path.read_text("utf-8"))
    actual = [outcome(path.stem, case["text"]) for case in expected]
    if bless:
        path.write_text(json.dumps(actual, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert actual == expected or bless


def test_there_are_cases_of_every_kind() -> None:
    found = {path.stem for path in CASES}
    assert {"expression_trees", "expression_errors", "template_trees", "template_errors"} <= found
