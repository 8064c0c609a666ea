"""What the editor has decided for the session, in its initialization options or settings."""

from __future__ import annotations

from typing import Any


class Options:
    """`diagnostics`: "open" for open files only, "workspace" for all, "" where the editor leaves it open.

    `trusted` is False where nothing of the workspace may be executed.
    """

    def __init__(self) -> None:
        self.diagnostics = ""
        self.trusted = True

    def take(self, settings: dict[str, Any]) -> bool:
        """Take over settings, what they do not mention stays; False when nothing is another by that."""
        before = (self.diagnostics, self.trusted)
        if settings.get("diagnostics") in ("", "open", "workspace"):
            self.diagnostics = settings["diagnostics"]
        if isinstance(settings.get("trusted"), bool):
            self.trusted = settings["trusted"]
        return before != (self.diagnostics, self.trusted)
