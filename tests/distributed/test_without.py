"""Nothing of it is imported unless a database is named, and what is missing is said."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from st2runtime.distributed.address import Address
from st2runtime.journal.errors import JournalError

HEAVY = ("dbos", "psycopg", "sqlalchemy")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "core.noop", "--no-config"),
        ("execution", "list"),
        ("inquiry", "list"),
        ("key", "list"),
        ("worker", "--help"),
    ],
)
def test_a_run_here_imports_nothing_of_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom st2lang.commands.main import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit:\n    pass\n"
        f"print('imported', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    own = {"ST2C_STORE": str(tmp_path / "runs.db"), "ST2C_DATASTORE": str(tmp_path / "keys.db")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=own)
    assert "imported []" in done.stdout, done.stderr


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Any = importlib.util.find_spec

    def find(name: str, *more: Any) -> Any:
        return None if name == "dbos" else found(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    with pytest.raises(JournalError, match=r"pip install 'st2lang\[distributed\]'"):
        Address("postgresql://host/name")


def test_an_address_is_shown_without_what_is_secret() -> None:
    pytest.importorskip("dbos")
    pytest.importorskip("psycopg")
    url = "postgres://ada:secret@db:5433/st2c?sslmode=require&password=secret&sslkey=k&host=/run"
    address = Address(url)
    assert address.shown == "postgresql://db:5433/st2c?sslmode=require&host=/run"
    assert address.url.startswith("postgresql://ada:secret@")
    for wrong in ("mysql://x", "db", "postgresql://db:port/x"):
        with pytest.raises(JournalError, match="named by a URL"):
            Address(wrong)
