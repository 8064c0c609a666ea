"""The exported schemas accept whatever the checks find no mistake in, and catch what they are there for."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from run.console import st2c

from st2lang import checks, schemas
from st2lang.catalog import Catalog
from st2lang.catalog.rules import ATTRIBUTES, TYPE_NAMES, check_parameters
from st2lang.document import Document
from st2lang.problem import Severity
from st2lang.source import Source
from st2lang.yaml import Mapping, parse, to_data

ROOT = Path(__file__).parents[2]
CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8")
)
WRONG = [(kind, name) for kind, case in CASES.items() for name in case["wrong"]]


@cache
def validator(kind: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schemas.schema(kind))


def complaints(kind: str, data: Any) -> list[str]:
    """What a schema has against a file; dates are text for it, as for editors."""
    return [f"{e.json_path}: {e.message}" for e in validator(kind).iter_errors(data)]


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_it_is_a_schema_of_draft_7(kind: str) -> None:
    jsonschema.Draft7Validator.check_schema(schemas.schema(kind))
    assert not [key for key in keys(schemas.schema(kind)) if key.startswith("x-")]


def keys(schema: Any) -> Iterator[str]:
    """All keys of a schema."""
    if isinstance(schema, dict):
        yield from schema
        for part in schema.values():
            yield from keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from keys(part)


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_every_key_is_described(kind: str) -> None:
    schema = schemas.schema(kind)
    for part in (schema, schema.get("definitions", {}).get("task", {})):
        for name, found in part.get("properties", {}).items():
            assert found.get("description"), name


@pytest.mark.parametrize("kind", CASES)
def test_what_is_right(kind: str) -> None:
    for data in CASES[kind]["right"]:
        assert complaints(kind, data) == []


@pytest.mark.parametrize(("kind", "name"), WRONG)
def test_what_is_wrong(kind: str, name: str) -> None:
    assert complaints(kind, CASES[kind]["wrong"][name])


SHAPE = ("unknown-key", "missing-key", "wrong-type", "invalid-value", "wrong-version")
"""The checks that tell of what a schema can tell of, too."""


def files(folder: Path) -> Iterator[tuple[str, Path, Any, set[str]]]:
    """The files of a folder that have a schema: kind, path, data, and the checks that have found something."""
    catalog = Catalog([str(folder)], installed=None)
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        source = Source(str(path), path.read_text(encoding="utf-8", errors="replace"))
        document = Document(source, catalog=catalog.near(str(path)))
        kind, root = document.kind, document.yaml.root
        if kind in schemas.KINDS and isinstance(root, Mapping):
            found = (problem for check in checks.of_kind(kind) for problem in check.run(document))
            told = {p.check for p in found if p.severity is Severity.ERROR or p.check in SHAPE}
            yield kind, path, to_data(root), told


def judged(folder: Path) -> Counter[str]:
    """How many files of each kind are right, and how many mutants of them are wrong, by kind."""
    counts: Counter[str] = Counter()
    for kind, path, data, told in files(folder):
        if told:
            continue
        assert complaints(kind, data) == [], path
        counts[kind] += 1
        for mutant in mutants(kind, data):
            assert not validator(kind).is_valid(mutant), (path, mutant)
            counts[f"{kind}: mutants"] += 1
    return counts


def mutants(kind: str, data: Any) -> Iterator[Any]:
    """Copies of a file, each with a mistake of its own: keys missing, misspelt, of a wrong type."""
    schema = schemas.schema(kind)
    for name in schema.get("required", ()):
        yield {key: value for key, value in data.items() if key != name}
        yield {f"{key}_" if key == name else key: value for key, value in data.items()}
    for name in schema.get("properties", {}).keys() & data.keys():
        yield {**data, name: 5} if name != "version" else {**data, name: []}
    if kind == "orquesta":
        for name in list(data["tasks"])[:2]:
            for key in ("do", "on-success", "params"):
                mutant = copy.deepcopy(data)
                mutant["tasks"][name] = {**(mutant["tasks"][name] or {}), key: "x"}
                yield mutant
    if kind == "action-chain":
        for index in range(len(data["chain"][:2])):
            for key in ("action", "next", "on_success"):
                mutant = copy.deepcopy(data)
                mutant["chain"][index][key] = "x"
                yield mutant
    if kind in ("action", "config"):
        block = data if kind == "config" else data.get("parameters") or {}
        for name in list(block)[:2]:
            for attribute in ({"typ": "string"}, {"type": "str"}, {"required": "yes"}):
                changed = {**block, name: {**(block[name] or {}), **attribute}}
                yield changed if kind == "config" else {**data, "parameters": changed}


def test_our_own_files() -> None:
    counts = judged(ROOT / "docs" / "examples")
    assert {kind for kind in counts if "mutants" not in kind} >= {"orquesta", "action", "pack"}


def test_the_whole_corpus(corpus: Path) -> None:
    counts = judged(corpus / "packs")
    assert counts["orquesta"] > 50
    assert counts["action"] > 50
    assert counts["action-chain"] > 5


def test_recorded_mutants(corpus: Path) -> None:
    """Where the checks tell of the shape of a workflow the schema does so, and nowhere else."""
    seen = Counter[tuple[bool, bool]]()
    for kind, path, data, told in files(corpus / "recorded" / "mutants"):
        wrong = bool(told.intersection(SHAPE))
        seen[wrong, not validator(kind).is_valid(data)] += 1
        assert validator(kind).is_valid(data) or told, path
    assert seen[True, True] > 20
    assert seen[True, False] == seen[False, True] == 0


def test_recorded_rehearsals(corpus: Path) -> None:
    for path in (corpus / "recorded" / "rehearsals").glob("*.yaml"):
        root = parse(path.read_text(encoding="utf-8")).root
        assert root is not None
        assert complaints("rehearsal", to_data(root)) == []


ATTRIBUTE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5),
    st.floats(-2, 5),
    st.sampled_from([*TYPE_NAMES, "", "a{2}", "{{ x }}", "str"]),
    st.lists(st.sampled_from(["a", 1, None, {"type": "string"}]), max_size=2),
    st.dictionaries(st.sampled_from(["a", "type"]), st.sampled_from(["string", {}, 1]), max_size=2),
)
PARAMETER = st.one_of(
    st.dictionaries(st.sampled_from([*ATTRIBUTES, "typ"]), ATTRIBUTE, max_size=4),
    st.fixed_dictionaries({"type": st.sampled_from(TYPE_NAMES), "default": ATTRIBUTE}),
)


@given(st.dictionaries(st.sampled_from(["a", "b_1", "c-d"]), PARAMETER, max_size=2))
def test_parameters_that_are_right(block: dict[str, Any]) -> None:
    if not check_parameters(block):
        assert complaints("config", block) == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = st2c(capsys, "schema")
    assert [line.split()[0] for line in listed.out.splitlines()] == list(schemas.KINDS)
    assert st2c(capsys, "schema", "pack").out == schemas.text("pack")
    assert st2c(capsys, "schema", "pack", "-o", tmp_path / "p.json").code == 0
    assert (tmp_path / "p.json").read_text(encoding="utf-8") == schemas.text("pack")
    told = st2c(capsys, "schema", "all", "-o", tmp_path / "all")
    places = yaml.safe_load(told.out)["yaml.schemas"]
    assert [Path(place).read_text(encoding="utf-8") for place in places] == [
        schemas.text(kind) for kind in schemas.KINDS
    ]
    wrong = st2c(capsys, "schema", "packs")
    assert (wrong.code, "did you mean `pack`?" in wrong.err) == (2, True)
    assert "name a folder" in st2c(capsys, "schema", "all").err
    assert st2c(capsys, "test", "--schema").out == schemas.text("rehearsal")


def test_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "schemas.md").read_text(encoding="utf-8")
    assert f"$ st2c schema\n{st2c(capsys, 'schema').out}" in page
    told = st2c(capsys, "schema", "all", "-o", ".schemas").out
    assert f"$ st2c schema all -o .schemas\n{told}```" in page
