"""The configuration: what it means, and what is said about mistakes in it.

A case is a TOML file in `config/` with the expected messages, or the resulting values, beside it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from st2lang.commands import config
from st2lang.commands.toml_places import Places, TomlPath
from st2lang.problem import Severity
from st2lang.source import Source

CASES = Path(__file__).parent / "config"
KNOWN = ("undefined-task", "unknown-key", "yaml-syntax", "yaml-tabs")


@pytest.mark.parametrize("case", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_case(case: Path, bless: bool, tmp_path: Path) -> None:
    name = "pyproject.toml" if case.stem.startswith("pyproject") else "st2c.toml"
    placed = tmp_path / name
    placed.write_bytes(case.read_bytes())
    found, source, problems = config.load(str(placed), KNOWN)
    assert source is not None
    lines = [_line(source, problem.span.start, problem.message) for problem in problems]
    if not problems:
        values = {field: getattr(found, field) for field in config.Config.__annotations__}
        lines = [f"{field} = {_shown(value, tmp_path)}" for field, value in values.items()]
    got = "\n".join(lines) + "\n"
    expected = case.with_suffix(".out")
    if bless:
        expected.write_text(got, encoding="utf-8", newline="\n")
    assert got == expected.read_text(encoding="utf-8")


def _line(source: Source, offset: int, message: str) -> str:
    line, column = source.position(offset)
    return f"{line}:{column}: {message}"


def _shown(value: object, top: Path) -> str:
    return repr(value).replace(repr(str(top))[1:-1], "TOP").replace("\\\\", "/")


def test_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "st2c.toml").write_text("")
    assert config.find(str(inner)) == str(tmp_path / "st2c.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nst2c = 1\n")
    assert config.find(str(inner)) == str(tmp_path / "st2c.toml")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.st2c]\n")
    assert config.find(str(inner / "x.yaml")) == str(tmp_path / "a" / "pyproject.toml")
    (tmp_path / "a" / "st2c.toml").write_text("")
    assert config.find(str(inner)) == str(tmp_path / "a" / "st2c.toml")


def test_broken_pyproject_is_only_ours_when_it_speaks_of_us(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.st2c]\nselect = [\n")
    assert config.find(str(tmp_path)) == str(tmp_path / "pyproject.toml")
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nst2c = [\n")
    assert config.find(str(tmp_path)) != str(tmp_path / "pyproject.toml")


def test_off_is_an_ignore(tmp_path: Path) -> None:
    path = tmp_path / "st2c.toml"
    path.write_text(
        'ignore = ["unknown-key"]\n[severity]\nundefined-task = "off"\nyaml-tabs = "error"\n'
    )
    found, _, problems = config.load(str(path), KNOWN)
    assert not problems
    assert found.ignore == ("unknown-key", "undefined-task")
    assert found.severities == (("yaml-tabs", Severity.ERROR),)


keys = st.text(alphabet="ab-_.' é", min_size=1, max_size=4)
scalars = st.booleans() | st.integers(-9, 99) | st.text(alphabet="ab#[]{},=\"'\\\n\t é", max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=2),
    max_leaves=6,
)


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:
    """A value in one of the ways TOML lets it be written."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return draw(st.sampled_from(_strings(value)))
        case list():
            gap = draw(st.sampled_from(["", " ", "\n  ", " # ]\n"]))
            items = [draw(written(item)) + gap for item in value]
            return "[" + gap + ("," + gap).join(items) + gap + "]"
        case dict():
            pairs = [f"{_basic(key)} = {draw(written(item))}" for key, item in value.items()]
            return "{ " + ", ".join(pairs) + " }"
    raise AssertionError(value)


def _basic(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(escapes.get(char, char) for char in text) + '"'


def _strings(text: str) -> list[str]:
    ways = [_basic(text), '""' + _basic(text) + '""']
    if "'" not in text:
        ways.append(f"'''{text}'''" if text[:1] != "\n" else _basic(text))
        if "\n" not in text:
            ways.append(f"'{text}'")
    return ways


def _walk(value: Any, path: TomlPath) -> list[tuple[TomlPath, Any]]:
    found: list[tuple[TomlPath, Any]] = [(path, value)]
    match value:
        case list():
            for index, item in enumerate(value):
                found += _walk(item, (*path, index))
        case dict():
            for key, item in value.items():
                found += _walk(item, (*path, key))
    return found


@given(st.data(), st.dictionaries(keys, st.dictionaries(keys, values, max_size=3), max_size=2))
@settings(max_examples=100)
def test_places_are_those_of_the_values(data: st.DataObject, tables: dict[str, Any]) -> None:
    text = "# top [x]\n"
    for table, pairs in tables.items():
        text += f"[{_basic(table)}] # table\n"
        for key, value in pairs.items():
            text += f"{_basic(key)}  =\t{data.draw(written(value))} # {{ end\n\n"
    assert tomllib.loads(text) == tables
    places = Places(text)
    for table, pairs in tables.items():
        for path, value in _walk(pairs, (table,))[1:]:
            start, end = places.values[path]
            assert tomllib.loads(f"v = {text[start:end]}")["v"] == value
            if isinstance(path[-1], str):
                raw = places.keys[path]
                assert tomllib.loads(f"{text[raw.start : raw.end]} = 1") == {path[-1]: 1}


@given(st.text(alphabet="ab=[]{}\"',.# \n\\", max_size=30))
@settings(max_examples=200)
def test_places_end_on_any_text(text: str) -> None:
    assert isinstance(Places(text).values, dict)
