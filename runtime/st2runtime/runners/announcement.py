"""`announcement`: a message for whoever listens. Specified by `contrib/runners/announcement_runner`.

StackStorm puts it on its message bus, for chat bots and the like. Here it is a line of output.
"""

from __future__ import annotations

import json

from st2runtime.runners._arguments import own
from st2runtime.runners._outcomes import refused
from st2runtime.runners.base import Invocation, Outcome, Services

NAMES = ("announcement",)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Announce the action's parameters on the `route`; they are the result, too."""
    if not invocation.parameters.get("experimental"):
        return refused(f"Experimental flag is missing for action {invocation.ref}")
    message = own(invocation)
    route = invocation.parameters.get("route") or "general"
    services.line("stdout", f"{route}: {json.dumps(message, ensure_ascii=False)}")
    return Outcome("succeeded", message)
