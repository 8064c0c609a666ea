"""How parameters reach a runner, and a script's command line.

Specified by `st2common/util/param.py` (whose parameter is whose), `st2common/util/action_db.py`
(`serialize_positional_argument`, `get_args`) and `st2common/models/system/action.py` (order, quoting, sudo).
"""

from __future__ import annotations

import getpass
import json
import re
import shlex
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from st2lang.catalog import builtin
from st2lang.catalog.models import types_of
from st2runtime.runners.base import Invocation


@cache
def _runner_parameters(runner: str) -> frozenset[str]:
    found = builtin.runner(runner)
    return frozenset(found.parameters if found else ())


def own(invocation: Invocation) -> dict[str, Any]:
    """The action's own parameters: those that the runner does not have.

    Every declared one is there, null when nothing is given. A parameter that the action declares anew
    (`timeout` with another default) stays the runner's.
    """
    taken = _runner_parameters(invocation.runner)
    names = [*invocation.parameters, *invocation.schemas]
    return {n: invocation.parameters.get(n) for n in dict.fromkeys(names) if n not in taken}


def action_variables(invocation: Invocation) -> dict[str, str]:
    """The variables that StackStorm gives to every action's process."""
    return {
        "ST2_ACTION_PACK_NAME": invocation.pack,
        "ST2_ACTION_EXECUTION_ID": invocation.id,
        "ST2_ACTION_DEBUG": str(bool(invocation.parameters.get("debug"))),
        **invocation.environment,
    }


def timeout_of(invocation: Invocation, default: float | None = None) -> float | None:
    """The time limit in seconds, None for no limit."""
    limit = invocation.parameters.get("timeout", default)
    return None if limit is None else float(limit)


def seconds(limit: float | None) -> str:
    """A time limit in a message: `60`, `0.5`."""
    return f"{limit:g}" if limit is not None else "unlimited"


def script_arguments(invocation: Invocation) -> list[str]:
    """What a script gets: named arguments first, then those with a `position`, in that order.

    Named ones are `--name=value` (`kwarg_op` says what stands before the name); true gives `--name` alone,
    false, null and empty text nothing. Positional ones are always there, as text (`_positional`).
    """
    given = own(invocation)
    places: dict[int, str] = {}
    for name, schema in invocation.schemas.items():
        place = schema.get("position")
        if isinstance(place, int) and not isinstance(place, bool) and name in given:
            places[place] = name
    ordered = [name for _, name in sorted(places.items())]
    prefix = invocation.parameters.get("kwarg_op")
    prefix = "--" if prefix is None else str(prefix)
    named = {name: value for name, value in given.items() if name not in ordered}
    arguments = [_named(prefix + name, value) for name, value in named.items() if _is_told(value)]
    return arguments + [_positional(invocation.schemas[n], given[n]) for n in ordered]


def _is_told(value: Any) -> bool:
    return not (value is None or value is False or value == "")


def _named(name: str, value: Any) -> str:
    return name if value is True else f"{name}={value}"


def _positional(schema: Mapping[str, Any], value: Any) -> str:
    """A value by its declared type. The whole number 0 is empty text, as in StackStorm; 0.0 is not."""
    declared = types_of(schema)
    match declared[0] if len(declared) == 1 else "":
        case "string" | "number" | "float":
            return "" if value is None else str(value)
        case "boolean":
            return "" if value is None else "1" if value else "0"
        case "array" | "list" if isinstance(value, list | tuple):
            return ",".join(map(str, value))
        case "object" if value:
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        case "null":
            return ""
    return str(value) if value else ""


def joined(arguments: Iterable[str]) -> str:
    """Arguments quoted for a POSIX shell."""
    return " ".join(map(shlex.quote, arguments))


def as_user(command: str, invocation: Invocation) -> str:
    """A shell command as the user who shall run it: with sudo when asked for.

    `user` counts where the action does not declare it as a parameter of its own. With a password sudo
    reads it from its standard input: it is on no command line.
    """
    parameters = invocation.parameters
    flags = ["-S", "-E"] if parameters.get("sudo_password") else ["-E"]
    user = None if "user" in invocation.schemas else parameters.get("user")
    if not parameters.get("sudo"):
        if not user or str(user) == getpass.getuser():
            return command
        flags += ["-H", "-u", shlex.quote(str(user))]
    return f"sudo {' '.join(flags)} -- bash -c {shlex.quote(command)}"


def sudo_refused(stderr: str) -> str:
    """The error when sudo did not take the password; "" otherwise."""
    if not re.search(r"sudo: \d+ incorrect password attempt", stderr):
        return ""
    asked = re.search(r"\[sudo\] password for (.+?):", stderr)
    who = asked.group(1) if asked else "unknown"
    return f"Invalid sudo password provided or sudo is not configured for this user ({who})"
