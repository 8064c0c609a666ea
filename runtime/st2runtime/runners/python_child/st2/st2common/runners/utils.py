"""A stand-in for `st2common.runners.utils`: an action's logger and its configuration."""

from __future__ import annotations

import logging

from st2common import log

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

__all__ = ["PackConfigDict", "get_logger_for_python_runner_action"]

_MISSING = (
    "The configuration of the pack `{0}` has no key `{1}`. StackStorm reads it from "
    "configs/{0}.yaml; docs/runners.md tells where a local run does."
)


class PackConfigDict(dict):  # type: ignore[type-arg]
    """A configuration that says which key of which pack is missing (a ValueError, as in StackStorm)."""

    def __init__(self, pack_name: str, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._pack_name = pack_name

    def __getitem__(self, key: str) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            raise ValueError(_MISSING.format(self._pack_name, key)) from None


def get_logger_for_python_runner_action(
    action_name: str, log_level: str = "debug"
) -> logging.Logger:
    """A logger that writes everything from this level on to standard error, once."""
    logger = log.getLogger("actions.python." + action_name)
    level = getattr(logging, str(log_level).upper(), logging.DEBUG)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(name)-12s: %(levelname)-8s %(message)s"))
        logger.addHandler(handler)
    logger.handlers[0].setLevel(level)
    logger.setLevel(level)
    return logger
