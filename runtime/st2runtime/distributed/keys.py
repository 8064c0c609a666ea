"""The datastore in a database: the same keys, scopes and secrets as in a file."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

from st2runtime.datastore import DEFAULT_USER, Datastore, DatastoreError
from st2runtime.datastore.places import default_key_file, default_path
from st2runtime.datastore.vault import Vault
from st2runtime.distributed.address import Address
from st2runtime.distributed.postgres import Postgres


class PostgresDatastore(Datastore):
    """The keys in a database. Secrets are encrypted with the key file of the local datastore."""

    def __init__(self, address: Address, user: str = DEFAULT_USER) -> None:
        self.path = Path(address.shown)
        self.user = user
        self._now = time.time
        self._vault = Vault(default_key_file(default_path()))
        self._database = _shared(address.url)

    def close(self) -> None:
        """Nothing: all datastores of this process share connections."""

    def __del__(self) -> None:
        """Nothing either."""


@cache
def _shared(url: str) -> Postgres:
    return Postgres(Address(url), DatastoreError)
