"""What a runner is given and what it gives: one action, its outcome, and what is around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from st2lang.record import field, record


@record
class Invocation:
    """One action to run, once.

    `runner` is the runner's own name, never an alias. `parameters` are all of the action and its runner,
    defaults filled in, cast and validated; `schemas` their JSON schemas. `entry_point` is the absolute path of
    the file to run ("" when the runner needs none), `pack_path` the folder of the pack ("" for built-in
    actions). `environment` are variables for the action's process (`ST2_ACTION_EXECUTION_ID` and the like).
    `context` is what StackStorm calls the action's context (`user`, `pack`, `parent`, …), `secrets` the values
    that must not be shown.
    """

    id: str
    ref: str
    runner: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entry_point: str = ""
    pack: str = ""
    pack_path: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


@record
class Outcome:
    """How an action ended, with its result as JSON data.

    `succeeded`, `failed`, `timeout`, `canceled`, or `abandoned` (its process was told to end, from outside).
    `pending` is no end: an inquiry waits for somebody to respond, and `result` is the inquiry.
    """

    status: str
    result: Any = None


@record
class Services:
    """What is around a runner.

    `line(stream, text)` is told every line of output as it comes (`stdout` or `stderr`). `ask(schema, context)`
    puts the questions of an inquiry to a person and gives the answers, None when there is nobody to ask.
    `config` gives a pack's configuration by its ref. `python` gives the interpreter to run a pack's Python
    actions with. `datastore` is the path of the datastore's file, for processes that open it themselves ("" for none).
    """

    line: Callable[[str, str], None] = lambda stream, text: None
    ask: Callable[[Mapping[str, Any], Mapping[str, Any]], Awaitable[Any]] | None = None
    config: Callable[[str], Mapping[str, Any]] = lambda pack: {}
    python: Callable[[str], str] | None = None
    datastore: str = ""


class Runner(Protocol):
    """A runner: a module of this package with these names.

    `run` ends the action's processes, with all that they have started, when it is cancelled, and lets the
    `CancelledError` through. It raises nothing else: what goes wrong is an `Outcome`.
    """

    NAMES: tuple[str, ...]

    async def run(self, invocation: Invocation, services: Services) -> Outcome:
        """Run the action to its end."""
