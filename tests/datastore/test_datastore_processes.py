"""Several processes at one datastore, processes that die, and what permissions allow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from st2runtime.datastore import Datastore

Ordinary = tuple[Path, Callable[..., CompletedProcess[str]]]


SETTER = """
import sys
from st2runtime.datastore import Datastore
with Datastore(sys.argv[1], timeout=30) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(40):
        store.set(f"{sys.argv[2]}.{number}", sys.argv[2], secret=number % 4 == 0)
        store.set("both", sys.argv[2])
"""


def test_two_processes_write_at_once(path: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", SETTER, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        _, errors = worker.communicate(timeout=60)
        assert errors == ""
        assert worker.returncode == 0
    with Datastore(path) as store:
        found = {item.name: item.value for item in store.list(decrypt=True)}
    assert found.pop("both") in ("one", "two")
    assert found == {f"{name}.{n}": name for name in ("one", "two") for n in range(40)}


CRASH = """
import os, sys
from st2runtime.datastore import Datastore
store = Datastore(sys.argv[1])
store.set("a", "1")
with store._database.write() as connection:
    connection.execute("UPDATE pairs SET value = '2'")
    os._exit(9)
"""


def test_a_writer_that_dies_leaves_what_was_whole(store: Datastore, path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (9, "")
    assert store.lookup("system.a") == "1"
    store.set("a", "3")
    assert store.lookup("system.a") == "3"


USE = """
import sys
from st2runtime.datastore import Datastore, DatastoreError
with Datastore(sys.argv[1]) as store:
    for use in (lambda: store.lookup("system.a"), lambda: store.set("a", "2").value):
        try: print(use())
        except DatastoreError as error: print(error)
"""


@pytest.mark.parametrize(
    ("file", "folder", "read", "write"),
    [
        (0o600, 0o755, "1", "2"),
        (0o400, 0o755, "1", "cannot be used: permission denied"),
        (0o400, 0o555, "1", "cannot be used: permission denied"),
        (0o600, 0o555, "1", "cannot be written: it or its folder is read-only"),
        (0o000, 0o755, "cannot be opened: look at", "cannot be used: permission denied"),
        (0o600, 0o000, "cannot be used: permission", "cannot be used: permission denied"),
    ],
)
def test_what_permissions_allow(
    ordinary: Ordinary, file: int, folder: int, read: str, write: str
) -> None:
    top, run = ordinary
    path = top / "sub" / "keys.db"
    made = run(f"from st2runtime.datastore import *; Datastore({str(path)!r}).set('a', '1')")
    assert made.stderr == ""
    path.chmod(file)
    path.parent.chmod(folder)
    done = run(USE, str(path))
    path.parent.chmod(0o755)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert read in lines[0]
    assert write in lines[1]
