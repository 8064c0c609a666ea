"""`noop`: nothing, successfully. Specified by `contrib/runners/noop_runner`."""

from __future__ import annotations

from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("noop",)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Do nothing."""
    return Outcome("succeeded", {"failed": False, "succeeded": True, "return_code": 0})
