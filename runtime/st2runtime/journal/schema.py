"""The file of a journal: its schema, and where it lies when nobody says."""

from __future__ import annotations

import os
from pathlib import Path

from st2runtime.journal.errors import JournalError
from st2runtime.sqlite.kinds import Kind

MIGRATIONS = (
    (
        """CREATE TABLE executions (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            action TEXT NOT NULL,
            source TEXT NOT NULL,
            user TEXT NOT NULL,
            graph TEXT,
            began REAL NOT NULL,
            status TEXT NOT NULL,
            ended REAL,
            entries INTEGER NOT NULL,
            head BLOB NOT NULL,
            mark BLOB NOT NULL
        )""",
        "CREATE INDEX executions_at_rest ON executions (status) WHERE ended IS NULL",
        """CREATE TABLE log (
            execution INTEGER NOT NULL,
            position INTEGER NOT NULL,
            body TEXT NOT NULL,
            large TEXT,
            digest BLOB NOT NULL,
            PRIMARY KEY (execution, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX log_large ON log (large) WHERE large IS NOT NULL",
        """CREATE TABLE parts (
            id TEXT PRIMARY KEY,
            execution INTEGER NOT NULL,
            source TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX parts_by_source ON parts (source, execution)",
        "CREATE INDEX parts_by_execution ON parts (execution)",
        """CREATE TABLE graphs (
            copy TEXT PRIMARY KEY,
            text TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE uses (
            execution INTEGER NOT NULL,
            copy TEXT NOT NULL,
            PRIMARY KEY (execution, copy)
        ) WITHOUT ROWID""",
        """CREATE TABLE secrets (
            execution INTEGER NOT NULL,
            position INTEGER NOT NULL,
            sealed TEXT NOT NULL,
            PRIMARY KEY (execution, position)
        ) WITHOUT ROWID""",
        """CREATE TABLE leases (
            execution INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL,
            holder TEXT NOT NULL,
            renewed REAL NOT NULL
        )""",
        """CREATE TABLE mail (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            execution INTEGER NOT NULL,
            body TEXT NOT NULL,
            digest BLOB NOT NULL
        )""",
    ),
)

JOURNAL = Kind(
    noun="journal",
    application=0x5354324A,  # "ST2J"
    error=JournalError,
    elsewhere="name another file with `--store` or ST2C_STORE, or leave it out with `--no-store`",
    newer="the next run brings it up to date",
    migrations=MIGRATIONS,
)


def default_path() -> Path:
    """The file that ST2C_STORE names, else one in the platform's folder for a user's data."""
    named = os.environ.get("ST2C_STORE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("st2c", appauthor=False) / "executions.db"
