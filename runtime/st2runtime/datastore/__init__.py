"""The local datastore: what `st2kv`, `st2c key` and pack actions read and write without a server.

One SQLite file holds the keys of both scopes, `system` and `user`; secrets in it are encrypted with a
key file that lies outside. docs/datastore.md describes the format and what it protects against.
"""

from st2runtime.datastore.errors import DatastoreError, LoadError
from st2runtime.datastore.items import DEFAULT_USER, MASK, SCOPES, Entry, Item
from st2runtime.datastore.loading import entries_from, text_of
from st2runtime.datastore.places import default_key_file, default_path
from st2runtime.datastore.service import DatastoreService
from st2runtime.datastore.store import Datastore

__all__ = [
    "DEFAULT_USER",
    "MASK",
    "SCOPES",
    "Datastore",
    "DatastoreError",
    "DatastoreService",
    "Entry",
    "Item",
    "LoadError",
    "default_key_file",
    "default_path",
    "entries_from",
    "text_of",
]
