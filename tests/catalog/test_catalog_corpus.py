"""Real packs: read as StackStorm's own loader reads them, and nothing wrong found in them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from st2lang.catalog.discover import Catalog
from st2lang.catalog.folder import is_pack
from st2lang.catalog.models import Action
from st2lang.catalog.rules import check_parameters
from st2lang.catalog.values import check_value

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalog(corpus: Path) -> Catalog:
    return Catalog(pack_dirs=[str(corpus / "packs")], installed=None)


@pytest.fixture(scope="module")
def actions(catalog: Catalog) -> list[Action]:
    return [action for action in catalog.actions() if action.path]


def test_metadata_is_what_the_reference_loader_gives(actions: list[Action]) -> None:
    assert len(actions) > 400
    for action in actions:
        loaded: Any = yaml.safe_load(Path(action.path).read_text(encoding="utf-8"))
        assert json.loads(json.dumps(loaded)) == action.data, action.path


def test_every_action_is_found_by_its_reference(catalog: Catalog, actions: list[Action]) -> None:
    for action in actions:
        assert catalog.find_action(action.ref) == action
        assert action.runner is not None, action.ref


def test_nothing_is_wrong_with_the_parameters(actions: list[Action]) -> None:
    for action in actions:
        assert not check_parameters(action.data.get("parameters") or {}, action.runner), action.ref
        for parameter in action.all_parameters.values():
            assert check_value(parameter, parameter.default) is None or parameter.must_be_given


def test_every_workflow_has_metadata(catalog: Catalog, corpus: Path) -> None:
    for pack in sorted((corpus / "packs").iterdir()):
        assert is_pack(str(pack))
        for workflow in (pack / "actions" / "workflows").glob("*.yaml"):
            found = catalog.metadata_for(str(workflow))
            assert [
                a.runner_type for a in found if a.runner_type not in ("orquesta", "action-chain")
            ] == []
            assert found, workflow


def test_the_built_in_catalog_is_up_to_date(corpus: Path) -> None:
    script = ROOT / "scripts" / "generate_builtin_catalog.py"
    command = [sys.executable, str(script), str(corpus / "packs"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0
