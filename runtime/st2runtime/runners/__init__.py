"""Action runners, one a module: each runs one kind of action as StackStorm's own runner does.

What StackStorm runs inside its workflow engine, `orquesta` and `action-chain`, is not here: those are
workflows. docs/runners.md tells what every runner gives and where it differs.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from st2runtime.runners.base import Invocation, Outcome, Runner, Services

__all__ = ["Invocation", "Outcome", "Runner", "Services", "find", "names"]

_MODULES = {
    "announcement": "announcement",
    "http-request": "http_request",
    "inquirer": "inquirer",
    "local-shell-cmd": "local_shell_cmd",
    "local-shell-script": "local_shell_script",
    "noop": "noop",
    "python-script": "python_script",
    "remote-shell-cmd": "remote_shell_cmd",
    "remote-shell-script": "remote_shell_script",
    "cloudslang": "unsupported",
    "mistral-v2": "unsupported",
    "windows-cmd": "unsupported",
    "windows-script": "unsupported",
    "winrm-cmd": "unsupported",
    "winrm-ps-cmd": "unsupported",
    "winrm-ps-script": "unsupported",
}
"""The module of each runner. A table, so that finding one runner does not import the others."""

_WORKFLOWS = ("action-chain", "orquesta")


def names() -> tuple[str, ...]:
    """The names of the runners here, aliases left out."""
    return tuple(_MODULES)


def find(name: str) -> Runner:
    """The runner with this name or alias (`run-local`, `http-runner`), imported when first asked for.

    As in StackStorm, `_` may stand for `-`. Raises LookupError, with a sentence for the user, for a name
    that no runner has and for workflows, which are no runner's matter.
    """
    module = _MODULES.get(name) or _MODULES.get(_real(name))
    if module is not None:
        return cast(Runner, import_module(f"st2runtime.runners.{module}"))
    if _real(name) in _WORKFLOWS:
        raise LookupError(f"`{name}` runs workflows: the engine does that itself")
    from st2lang.suggest import did_you_mean, listing

    known = [other for other, module in _MODULES.items() if module != "unsupported"]
    raise LookupError(
        f"there is no runner `{name}`; there are {listing(known, 'and')}{did_you_mean(name, known)}"
    )


def _real(name: str) -> str:
    """The runner's own name for an alias; the name itself when it is none."""
    from st2lang.catalog import builtin

    for candidate in (name, name.replace("_", "-")):
        runner = builtin.runner(candidate)
        if runner is not None:
            return runner.name
    return name
