"""What goes wrong with a journal, in words for people."""

from __future__ import annotations


class JournalError(Exception):
    """The journal cannot do it; the message says why, and never shows a secret."""


class DamagedError(JournalError):
    """What is stored is not what was written."""


class FencedError(JournalError):
    """Another process has taken the execution over: nothing that happens here counts any more."""


class BusyError(JournalError):
    """Another process runs the execution; `holder` is who."""

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class UnknownExecutionError(JournalError):
    """There is no such execution, or more than one."""


class OtherVersionError(JournalError):
    """The execution was begun by a program that conducts otherwise."""
