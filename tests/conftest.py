"""Options and fixtures shared by every room's tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"

_STORE = tempfile.TemporaryDirectory(prefix="st2c-tests-")
os.environ["ST2C_STORE"] = os.path.join(_STORE.name, "executions.db")  # never the user's own
os.environ.pop("ST2C_DATABASE", None)

settings.register_profile(
    "default",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,  # the gate tries the same cases every time
)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="rewrite the expected results of case files; read them before committing",
    )


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """True when the expected side of a case file is to be rewritten."""
    return bool(request.config.getoption("--bless"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The recorded corpus beside the checkout; tests that need it are skipped without it."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the recorded corpus (../shared/corpus) is not here")
    return folder


@pytest.fixture(scope="session")
def fuzz_factor() -> int:
    """How many times the usual number of random cases to run (environment variable ST2C_FUZZ)."""
    return int(os.environ.get("ST2C_FUZZ", "1"))
