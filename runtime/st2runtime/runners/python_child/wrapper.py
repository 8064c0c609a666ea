"""Runs one Python action of a pack in a process of its own: what `python-script` starts.

It runs with the pack's interpreter, so it needs nothing but Python's own library, and no newer Python than
3.7. The job, the result and calls of the datastore go through a socket, so that standard output belongs to
the action alone. Specified by `contrib/runners/python_runner/python_runner/python_action_wrapper.py` and
`st2common/util/loader.py`.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from types import ModuleType
    from typing import Any

    from st2common.runners.channel import Channel

HERE = os.path.dirname(os.path.abspath(__file__))

INVALID_STATUS = 220
"""The exit code for an action that returns a pair whose first part is no boolean."""

_PAIR = """
The first part of a pair that `run` returns must be True or False, got: {}
Either return a list instead of a tuple of two, or put the status before it: (True, ('first', 'second')).
"""


def prepare_path() -> None:
    """Let the action import the stand-ins for StackStorm's packages, but not what lies beside this file.

    The stand-in for `st2client` comes last: an interpreter that has the real one uses that.
    """
    if sys.path and os.path.abspath(sys.path[0]) == HERE:
        del sys.path[0]
    sys.path.insert(0, os.path.join(HERE, "st2"))
    sys.path.append(os.path.join(HERE, "without_st2"))


def load(path: str) -> ModuleType:
    """The module in a file, under the file's name. A name that is taken already stays whose it is."""
    import importlib.util

    folder = os.path.dirname(os.path.realpath(path))
    if folder not in sys.path and folder + os.sep not in sys.path:
        sys.path.append(folder)
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file: its name must end in `.py`")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


def action_class(module: ModuleType) -> Any:
    """The first class by name that the module itself defines and that has a method `run`.

    StackStorm does not ask whether it inherits from Action.
    """
    for name in sorted(vars(module)):
        found = getattr(module, name)
        if isinstance(found, type) and found.__module__ == module.__name__:
            run = getattr(found, "run", None)
            if callable(run) and not getattr(run, "__isabstractmethod__", False):
                return found
    raise LookupError(f"{module.__file__} defines no class with a method `run`")


def instance(kind: Any, job: dict[str, Any], channel: Channel) -> Any:
    """An object of the action's class; old classes take no `action_service` and get it afterwards."""
    from st2common.runners.action_service import ActionService

    service = ActionService(channel, job["pack"], kind.__name__, job["user"], job["log_level"])
    config = job["config"]
    try:
        return kind(config=config, action_service=service)
    except TypeError as error:
        if "unexpected keyword argument 'action_service'" not in str(error):
            raise
    action = kind(config=config)
    action.action_service = service
    return action


def result_of(returned: Any) -> tuple[Any, bool | None]:
    """The result and the status (None: not told) in what `run` returned.

    What is no JSON becomes text as a whole. Ends the process when the status is no boolean.
    """
    from st2common.util.plain import plain

    status, result = None, returned
    if isinstance(returned, tuple) and len(returned) == 2:
        status, result = returned
        if status is not None and not isinstance(status, bool):
            sys.stderr.write(_PAIR.format(status).lstrip())
            sys.exit(INVALID_STATUS)
    try:
        return plain(result), status
    except (TypeError, ValueError, RecursionError):
        return str(result).encode("utf-8", "replace").decode("utf-8"), status


def show(error: Exception) -> None:
    """The traceback of an error, without what is neither the action's nor its libraries'."""
    import traceback

    told: Any = traceback.TracebackException.from_exception(error)
    part = told
    while part is not None:
        part.stack[:] = [frame for frame in part.stack if not is_ours(frame.filename)]
        part = part.__cause__ or part.__context__
    lines = told.format() if told.stack else told.format_exception_only()
    sys.stderr.write("".join(lines))


def is_ours(path: str) -> bool:
    """Whether a file belongs to this wrapper, the stand-ins or Python's import system."""
    return path.startswith((HERE, "<frozen importlib"))


def main() -> None:
    """Fetch the job, run the action, give the result. The exit code is 1 for an exception."""
    prepare_path()
    from st2common.runners.channel import Channel

    channel = Channel.connect(sys.argv[1:])
    job = channel.receive()
    sys.argv[:] = [job["path"]]
    sys.meta_path.append(MissingParts())
    try:
        module = load(job["path"])
        action = instance(action_class(module), job, channel)
        result, status = result_of(action.run(**job["parameters"]))
    except Exception as error:
        show(error)
        sys.exit(1)
    sys.stdout.flush()
    channel.send({"result": result, "status": status})


class MissingParts:
    """Says why a part of StackStorm's own code cannot be imported; asked after all others."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:
        """Never finds anything; raises ModuleNotFoundError for what only StackStorm's server has."""
        top = name.partition(".")[0]
        if top in ("st2common", "st2actions", "st2client", "st2reactor", "st2tests", "st2api"):
            raise ModuleNotFoundError(
                f"`{name}` is a part of StackStorm's server, which a local run does without",
                name=name,
            )
        return


if __name__ == "__main__":
    main()
