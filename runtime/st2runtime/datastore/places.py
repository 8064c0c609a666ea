"""Where the datastore and its key file lie when nobody says."""

from __future__ import annotations

import os
from pathlib import Path


def default_path() -> Path:
    """The file that ST2C_DATASTORE names, else one in the platform's folder for a user's data."""
    named = os.environ.get("ST2C_DATASTORE")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("st2c", appauthor=False) / "datastore.db"


def default_key_file(path: Path) -> Path:
    """The key file that ST2C_KEY_FILE names, else the one beside the datastore `path`."""
    named = os.environ.get("ST2C_KEY_FILE")
    return Path(named).expanduser() if named else path.with_name(path.name + ".key")
