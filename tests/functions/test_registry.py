"""Looking functions up, and what the family files must keep to."""

from __future__ import annotations

import pytest

from st2lang import functions
from st2lang.functions import Function, Kind
from st2lang.functions.signature import parse, parse_type


@pytest.mark.parametrize(
    ("language", "name", "kind", "expected"),
    [
        ("yaql", "suceeded", Kind.FUNCTION, "succeeded"),
        ("yaql", "starts_with", Kind.FUNCTION, "startsWith"),
        ("yaql", "to_upper", Kind.FUNCTION, "toUpper"),
        ("yaql", "qqqqqq", Kind.FUNCTION, None),
        ("jinja", "defualt", Kind.FILTER, "default"),
        ("jinja", "define", Kind.TEST, "defined"),
    ],
)
def test_suggestions(language: str, name: str, kind: Kind, expected: str | None) -> None:
    assert functions.suggest(language, name, kind) == expected


def test_kinds_have_names_of_their_own() -> None:
    assert functions.lookup("jinja", "upper", Kind.FILTER) is not None
    assert functions.lookup("jinja", "upper", Kind.TEST) is not None
    assert functions.lookup("jinja", "upper") is None


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no expression language 'perl'"):
        functions.table("perl")


def test_two_records_for_one_name_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = (Function("f", ("f() -> any",), ""), Function("f", ("f() -> any",), ""))
    monkeypatch.setattr(functions, "_family_records", lambda folder: twice)
    functions.table.cache_clear()
    try:
        with pytest.raises(ValueError, match="two records for the yaql function 'f'"):
            functions.table("yaql")
    finally:
        functions.table.cache_clear()


@pytest.mark.parametrize("language", functions.LANGUAGES)
def test_records_are_complete(language: str) -> None:
    for record in functions.table(language).values():
        assert record.doc.endswith("."), record.name
        assert record.group, record.name
        assert len(record.signatures) == len(record.forms) > 0
        for form, signature in zip(record.forms, record.signatures, strict=True):
            assert signature.text == form
            assert record.kind is Kind.OPERATOR or _called_name(form) == record.name


def _called_name(form: str) -> str:
    call = form.rpartition(" -> ")[0]
    if call.startswith("("):
        call = call.partition(")")[2].removeprefix(" is ").lstrip(".|")
    return call.partition("(")[0].rpartition(".")[2]


def test_names_that_a_word_may_stand_for() -> None:
    expected = {
        "ctx": "variable",
        "item": "item",
        "task": "task",
        "task_status": "task",
        "st2kv": "key",
    }
    for name, reference in expected.items():
        record = functions.lookup("yaql", name)
        assert record is not None
        assert record.signatures[0].parameters[0].names == reference


@pytest.mark.parametrize(
    "form",
    [
        "f()",
        "f -> any",
        "f(a) -> any",
        "f(a: what) -> any",
        "f(a: list<any) -> any",
        "f(: any) -> any",
    ],
)
def test_mistakes_in_family_files_are_told(form: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(form)


def test_types_as_written() -> None:
    assert str(parse_type("list<string>")) == "list of strings"
    assert str(parse_type("string|null")) == "string or null"
    assert str(parse_type("dict<list<integer>>")) == "dict of lists of integers"
