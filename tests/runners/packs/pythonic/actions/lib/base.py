"""In the folder `lib` beside the actions."""

from st2common.runners.base_action import Action

__all__ = ["BaseAction"]


class BaseAction(Action):
    """An action with something to inherit."""

    greeting = "hello from lib"
