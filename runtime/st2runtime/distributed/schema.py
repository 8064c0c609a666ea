"""The tables in PostgreSQL: those of the journal's and the datastore's files, and what many machines need.

Ids and names are compared by their characters (`COLLATE "C"`), as SQLite does.
"""

from __future__ import annotations

SCHEMA = "st2c"

MIGRATIONS = (
    (
        """CREATE TABLE executions (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id TEXT COLLATE "C" NOT NULL UNIQUE,
            action TEXT NOT NULL,
            source TEXT NOT NULL,
            "user" TEXT NOT NULL,
            graph TEXT,
            began DOUBLE PRECISION NOT NULL,
            status TEXT NOT NULL,
            ended DOUBLE PRECISION,
            entries BIGINT NOT NULL,
            head BYTEA NOT NULL,
            mark BYTEA NOT NULL
        )""",
        "CREATE INDEX executions_at_rest ON executions (status) WHERE ended IS NULL",
        """CREATE TABLE log (
            execution BIGINT NOT NULL,
            position BIGINT NOT NULL,
            body TEXT NOT NULL,
            large TEXT,
            digest BYTEA NOT NULL,
            PRIMARY KEY (execution, position)
        )""",
        """CREATE TABLE parts (
            id TEXT COLLATE "C" PRIMARY KEY,
            execution BIGINT NOT NULL,
            source TEXT NOT NULL
        )""",
        "CREATE INDEX parts_by_source ON parts (source, execution)",
        "CREATE INDEX parts_by_execution ON parts (execution)",
        "CREATE TABLE graphs (copy TEXT PRIMARY KEY, text TEXT NOT NULL)",
        """CREATE TABLE uses (
            execution BIGINT NOT NULL,
            copy TEXT NOT NULL,
            PRIMARY KEY (execution, copy)
        )""",
        """CREATE TABLE secrets (
            execution BIGINT NOT NULL,
            position BIGINT NOT NULL,
            sealed TEXT NOT NULL,
            PRIMARY KEY (execution, position)
        )""",
        """CREATE TABLE leases (
            execution BIGINT PRIMARY KEY,
            epoch BIGINT NOT NULL,
            holder TEXT NOT NULL,
            renewed DOUBLE PRECISION NOT NULL
        )""",
        """CREATE TABLE mail (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            execution BIGINT NOT NULL,
            body TEXT NOT NULL,
            digest BYTEA NOT NULL
        )""",
        "CREATE INDEX mail_by_execution ON mail (execution)",
        """CREATE TABLE workers (
            number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name TEXT NOT NULL,
            queues TEXT[] NOT NULL
        )""",
        """CREATE TABLE placed (
            execution TEXT COLLATE "C" PRIMARY KEY,
            queue TEXT NOT NULL
        )""",
        """CREATE TABLE calls (
            number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            execution TEXT COLLATE "C" NOT NULL
        )""",
        """CREATE TABLE alarms (
            execution TEXT COLLATE "C" PRIMARY KEY,
            entries BIGINT NOT NULL,
            due DOUBLE PRECISION
        )""",
        """CREATE TABLE pairs (
            scope TEXT COLLATE "C" NOT NULL CHECK (scope IN ('system', 'user')),
            "user" TEXT COLLATE "C" NOT NULL,
            name TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
            value TEXT NOT NULL,
            secret INTEGER NOT NULL CHECK (secret IN (0, 1)),
            expires DOUBLE PRECISION,
            PRIMARY KEY (scope, "user", name)
        )""",
        "CREATE INDEX pairs_by_expiry ON pairs (expires) WHERE expires IS NOT NULL",
    ),
)
