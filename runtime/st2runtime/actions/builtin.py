"""StackStorm's own actions where StackStorm is not installed: what they run.

The catalog knows their parameters; here is what they do with them. A pack on disk that brings the files
of an action itself (`/opt/stackstorm/packs`, `--pack-dir`) goes first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from st2runtime.actions.runnable import Schemas

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "packs")

COMMANDS: Mapping[str, str] = {
    "core.echo": 'echo "{{message}}"',
    "core.error": '>&2 echo "{{message}}"',
    "linux.cp": "cp {{args}} {{source}} {{destination}}",
    "linux.file_touch": "echo $(date +%s) > {{file}}",
    "linux.lsof": "lsof {{args}}",
    "linux.lsof_pids": "for pid in {{pids}}; do lsof -p $pid; done",
    "linux.mv": "mv {{args}} {{source}} {{destination}}",
    "linux.netstat": "netstat {{args}}",
    "linux.netstat_grep": "for pid in {{pids}}; do netstat -pant | grep $pid; done; exit 0",
    "linux.pkill": "pkill -e {{process}}",
    "linux.rm": "rm {{args}} {{target}}",
    "linux.rsync": "rsync {{args}} {{source}} {{dest_server}}:{{destination}}",
    "linux.scp": "scp {{args}} -i {{keyfile}} {{source}} "
    "{% if dest_server %}{{dest_server}}:{% endif %}{{destination}}",
    "linux.vmstat": "vmstat {{args}}",
}
"""The immutable `cmd` of actions that are a command: the interface of StackStorm's packs core and linux."""


def with_command(ref: str, own: Schemas) -> Schemas:
    """A built-in action's parameters with the command that it runs."""
    command = COMMANDS.get(ref)
    if command is None:
        return own
    cmd: dict[str, Any] = {**own.get("cmd", {}), "default": command}
    return {**own, "cmd": cmd}


_STAND_INS = {"core.pause": "pause.py", "core.uuid": "make_uuid.py"}


def entry_point(ref: str, missing: str, pack_path: str) -> tuple[str, str]:
    """The file and pack folder to run an action with whose own file is not there.

    Those that come with us where there is a stand-in, else what was missing.
    """
    name = _STAND_INS.get(ref)
    if name is None:
        return missing, pack_path
    pack = os.path.join(FOLDER, ref.partition(".")[0])
    return os.path.join(pack, "actions", name), pack
