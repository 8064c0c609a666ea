"""Runners of StackStorm that have no counterpart here: they fail, and say so.

Windows Remote Management needs a Windows host to be developed against; the others are gone from StackStorm
itself.
"""

from __future__ import annotations

from st2lang.catalog import builtin
from st2runtime.runners._outcomes import refused
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = (
    "cloudslang",
    "mistral-v2",
    "windows-cmd",
    "windows-script",
    "winrm-cmd",
    "winrm-ps-cmd",
    "winrm-ps-script",
)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Fail, telling what to do instead."""
    runner = builtin.runner(invocation.runner)
    if runner is not None and runner.removed:
        said = f"StackStorm {runner.removed} has removed it"
    else:
        said = "Windows Remote Management is not supported by local runs"
    return refused(
        f"`{invocation.ref}` has the runner `{invocation.runner}`: {said}; "
        "give its result with `--mock`"
    )
