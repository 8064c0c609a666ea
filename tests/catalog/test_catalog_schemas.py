"""The shapes of metadata are valid schemas and say what StackStorm says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from st2lang.catalog import schemas

ALL = [schemas.ACTION_SCHEMA, schemas.PACK_SCHEMA, schemas.CONFIG_SCHEMA, schemas.PARAMETER_SCHEMA]
ACTION = {"name": "a", "runner_type": "noop"}
PACK = {"name": "a", "description": "", "version": "1.0.0", "author": "n"}


@pytest.mark.parametrize("schema", ALL, ids=lambda s: s["title"])
def test_is_a_schema_with_words_for_people(schema: schemas.Schema) -> None:
    jsonschema.Draft4Validator.check_schema(schema)
    for name, entry in schema.get("properties", {}).items():
        assert entry["title"], name
        assert entry["description"], name


@pytest.mark.parametrize(
    ("schema", "data", "fits"),
    [
        (schemas.ACTION_SCHEMA, ACTION, True),
        (schemas.ACTION_SCHEMA, {"name": "a"}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "paramters": {}}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "parameters": None, "entry_point": None}, True),
        (schemas.ACTION_SCHEMA, {**ACTION, "parameters": []}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "name": None}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "enabled": "yes"}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "notify": {"on-complete": {"routes": []}}}, True),
        (schemas.ACTION_SCHEMA, {**ACTION, "notify": {"on-compete": {}}}, False),
        (schemas.ACTION_SCHEMA, {**ACTION, "tags": ["x"]}, False),
        (schemas.PACK_SCHEMA, PACK, True),
        (schemas.PACK_SCHEMA, {**PACK, "anything": 1}, True),
        (schemas.PACK_SCHEMA, {**PACK, "ref": "with-dash"}, False),
        (schemas.PACK_SCHEMA, {**PACK, "version": 0.1}, True),
        (schemas.PACK_SCHEMA, {**PACK, "version": "0.1"}, True),
        (schemas.PACK_SCHEMA, {**PACK, "version": "v1"}, False),
        (schemas.PACK_SCHEMA, {**PACK, "python_versions": ["3"]}, True),
        (schemas.PACK_SCHEMA, {**PACK, "python_versions": [3]}, False),
        (schemas.PACK_SCHEMA, {**PACK, "stackstorm_version": ">=3.0.0, <4.0.0"}, True),
        (schemas.PACK_SCHEMA, {**PACK, "stackstorm_version": "3.0"}, False),
        (schemas.CONFIG_SCHEMA, {"a": {"type": "string"}}, True),
        (schemas.CONFIG_SCHEMA, [], False),
    ],
)
def test_what_fits(schema: schemas.Schema, data: Any, fits: bool) -> None:
    assert jsonschema.Draft4Validator(schema).is_valid(data) is fits


@pytest.mark.parametrize(
    ("pattern", "schema"),
    [
        ("*/actions/*.yaml", schemas.ACTION_SCHEMA),
        ("*/pack.yaml", schemas.PACK_SCHEMA),
        ("*/config.schema.yaml", schemas.CONFIG_SCHEMA),
    ],
)
def test_real_files_fit(corpus: Path, pattern: str, schema: schemas.Schema) -> None:
    validator = jsonschema.Draft4Validator(schema)
    files = sorted((corpus / "packs").glob(pattern))
    assert files
    for file in files:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert [error.message for error in validator.iter_errors(data)] == [], file
