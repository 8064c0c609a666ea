"""A stand-in for `st2common.runners.base_action`: what a pack's Python actions inherit from."""

from __future__ import annotations

import abc

from st2common.runners.utils import PackConfigDict, get_logger_for_python_runner_action

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

__all__ = ["Action"]


class Action(abc.ABC):
    """The base class of Python actions.

    `config` is the configuration of the pack, `logger` writes to standard error, `action_service` reaches
    the datastore.
    """

    description: str | None = None

    def __init__(self, config: dict[str, Any] | None = None, action_service: Any = None) -> None:
        wrapper = getattr(action_service, "_action_wrapper", None)
        pack = getattr(wrapper, "_pack", "unknown")
        level = getattr(wrapper, "_log_level", "debug")
        self.config = PackConfigDict(pack, config or {})
        self.action_service = action_service
        self.logger = get_logger_for_python_runner_action(type(self).__name__, level)

    @abc.abstractmethod
    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Do it; what is returned is the result, or a pair of status and result."""
