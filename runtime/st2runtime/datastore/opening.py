"""From where a datastore is to the datastore: a file of this machine, or a database of many."""

from __future__ import annotations

import os

from st2runtime.datastore.errors import DatastoreError
from st2runtime.datastore.store import Datastore

_URL = ("postgresql://", "postgres://")


def is_there(place: str) -> bool:
    """Whether there may be keys."""
    return place.startswith(_URL) or os.path.isfile(place)


def opened(place: str, user: str) -> Datastore:
    """The datastore in a file or behind a URL; `user` is whose keys the scope `user` means."""
    if not place.startswith(_URL):
        return Datastore(place, user=user)
    from st2runtime.distributed.address import Address
    from st2runtime.journal.errors import JournalError

    try:
        address = Address(place)
    except JournalError as error:
        raise DatastoreError(str(error)) from None
    from st2runtime.distributed.keys import PostgresDatastore

    return PostgresDatastore(address, user)
