"""One PostgreSQL server for all tests here; without one they are skipped with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed.cluster import Cluster, Worker, missing


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with Cluster() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where key file, caches and logs of a module's processes are."""
    return tmp_path_factory.mktemp("distributed")


@pytest.fixture(scope="module")
def packs(folder: Path) -> Path:
    """A folder of packs with one that tests put files into."""
    pack = folder / "packs" / "shop"
    (pack / "actions" / "workflows").mkdir(parents=True)
    (pack / "pack.yaml").write_text("ref: shop\nname: shop\n")
    return pack.parent


@pytest.fixture(scope="module")
def worker(cluster: Cluster, folder: Path, packs: Path) -> Iterator[Worker]:
    """A worker that is there for a whole module."""
    found = Worker(cluster.url, folder, packs=packs)
    yield found
    assert found.stop() == 0, found.said
    assert "Traceback" not in found.said
