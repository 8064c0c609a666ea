"""The made-up workspace of the benchmarks: the same every time, and fully known to the catalog."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from st2lang.catalog.discover import Catalog
from st2lang.catalog.rules import check_parameters


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "benchmarks" / "make_packs.py"
    spec = importlib.util.spec_from_file_location("make_packs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def snapshot(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in files}


def test_the_same_numbers_make_the_same_packs(maker: ModuleType, tmp_path: Path) -> None:
    for name in ("one", "two"):
        maker.make_packs(tmp_path / name, packs=2, actions=12)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_made_up_packs_are_sound(maker: ModuleType, tmp_path: Path) -> None:
    workflows = maker.make_packs(tmp_path, packs=3, actions=20)
    catalog = Catalog(pack_dirs=[str(tmp_path)], installed=None)
    assert len(workflows) == 3 * 4
    for workflow in workflows:
        (action,) = catalog.metadata_for(str(workflow))
        assert action.runner_type in ("orquesta", "action-chain")
        assert not check_parameters(action.data["parameters"], action.runner)
    assert sum(bool(action.path) for action in catalog.actions()) == 3 * 20
