"""A stand-in for `st2client.client`: a client whose `keys` are the local datastore's."""

from __future__ import annotations

from st2client.keys import Keys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

__all__ = ["Client"]


class Client:
    """Takes what st2client's own takes; there is no server, so only `keys` works."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.token = options.get("token")
        self.keys = Keys()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(
            f"`Client.{name}` needs StackStorm's API, and a local run has no server; install st2client "
            "in the pack's environment to reach one"
        )
