"""The file of a datastore: its schema, and how it is known."""

from __future__ import annotations

from st2runtime.datastore.errors import DatastoreError
from st2runtime.sqlite.kinds import Kind

MIGRATIONS = (
    (
        """CREATE TABLE pairs (
            scope TEXT NOT NULL CHECK (scope IN ('system', 'user')),
            user TEXT NOT NULL,
            name TEXT NOT NULL CHECK (name <> ''),
            value TEXT NOT NULL,
            secret INTEGER NOT NULL CHECK (secret IN (0, 1)),
            expires REAL,
            PRIMARY KEY (scope, user, name)
        )""",
        "CREATE INDEX pairs_by_expiry ON pairs (expires) WHERE expires IS NOT NULL",
    ),
)
SCHEMA = len(MIGRATIONS)

DATASTORE = Kind(
    noun="datastore",
    application=0x53543243,  # "ST2C"
    error=DatastoreError,
    elsewhere="name another file with `--datastore` or ST2C_DATASTORE",
    newer="the next key that is set brings it up to date",
    migrations=MIGRATIONS,
)
