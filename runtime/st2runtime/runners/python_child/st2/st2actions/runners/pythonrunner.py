"""The old place of the base class of Python actions (before StackStorm 1.5)."""

from st2common.runners.base_action import Action

__all__ = ["Action"]
