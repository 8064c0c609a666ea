"""What keeps an action from being run, for people to read."""

from __future__ import annotations


class ActionError(ValueError):
    """An action cannot be run as asked. `messages` are sentences, one a mistake.

    `kind` is the name of the exception that StackStorm raises in this case: workflows show it.
    """

    def __init__(self, *messages: str, kind: str = "ValueError") -> None:
        super().__init__("; ".join(messages))
        self.messages = messages
        self.kind = kind


class UnknownActionError(ActionError):
    """There is no action with this reference."""

    def __init__(self, message: str) -> None:
        super().__init__(message, kind="InvalidActionReferencedException")
