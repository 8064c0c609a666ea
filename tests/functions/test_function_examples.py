"""Every documented example is run through the reference packages and must be true."""

from __future__ import annotations

import pytest
from functions.oracles import run_jinja, run_yaql

from st2lang import functions
from st2lang.functions import Example, Function

YAQL = [
    pytest.param(record, example, id=f"{record.kind.value}:{record.name}:{number}")
    for record in functions.table("yaql").values()
    for number, example in enumerate(record.examples)
]


@pytest.mark.parametrize(("record", "example"), YAQL)
def test_yaql_example(record: Function, example: Example) -> None:
    assert run_yaql(example.expression, example.data) == example.result


JINJA = [
    pytest.param(
        language, record, example, id=f"{language}:{record.kind.value}:{record.name}:{number}"
    )
    for language in ("jinja", "jinja-chain")
    for record in functions.table(language).values()
    for number, example in enumerate(record.examples)
]


@pytest.mark.parametrize(("language", "record", "example"), JINJA)
def test_jinja_example(language: str, record: Function, example: Example) -> None:
    assert run_jinja(example.expression, example.data, language == "jinja-chain") == example.result


_NOT_TO_BE_RUN = {"decrypt_kv", "jsonpath_query"}
"""Functions that need a datastore's key or a package that the tests do without."""

_CLOCK = {"offset", "date", "time", "utc"}
"""Properties whose values Python has no short way to write."""


@pytest.mark.parametrize("language", functions.LANGUAGES)
def test_every_record_has_an_example(language: str) -> None:
    without = {record.name for record in functions.table(language).values() if not record.examples}
    assert without <= _NOT_TO_BE_RUN | _CLOCK
