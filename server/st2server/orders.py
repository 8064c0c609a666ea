"""What an editor's user can have done by command: run, test, run to a task, evaluate, show.

A command is about a document, and about a place or a task in it: `{"uri": …, "position": …, "task": …}`, with
`parameters` for a run. Whatever executes anything is refused where the workspace is not trusted, and runs what is
saved. The answer says what has come of it; the same is shown to the user.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams

from st2lang.query import evaluating, lenses, references
from st2lang.record import record
from st2server.documents import OpenDocument, path_of
from st2server.processes import Finished, st2c

if TYPE_CHECKING:
    from st2server.app import Server

Answer = dict[str, Any]

_TRIED = 3
"""Tasks that are looked for when an expression stands in none."""

UNTRUSTED = "The workspace is not trusted: nothing in it is run."


@record(eq=False)
class Target:
    """What a command is about. `offset` is None where no position was given."""

    document: OpenDocument
    offset: int | None
    task: str
    parameters: dict[str, Any]

    @property
    def path(self) -> str:
        """The file."""
        return self.document.source.path

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return os.path.splitext(os.path.basename(self.path))[0]


class RefusedError(Exception):
    """A command that is not carried out; the message says why."""


def target_of(server: Server, arguments: tuple[Any, ...]) -> Target:
    """The target that the arguments of a command name. Raises an error of the protocol for others."""
    given = _plain(arguments[0]) if arguments else {}
    uri, position = given.get("uri"), _plain(given.get("position"))
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams('the command needs {"uri": …}')
    document = server.documents.get(uri)
    offset = None
    if isinstance(position.get("line"), int) and isinstance(position.get("character"), int):
        offset = server.offset(document, lsp.Position(position["line"], position["character"]))
    task = given.get("task")
    parameters = _plain(given.get("parameters"))
    return Target(document, offset, task if isinstance(task, str) else "", parameters)


def _plain(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return dict(vars(value)) if hasattr(value, "__dict__") else {}


def _runnable(server: Server, target: Target) -> str:
    """The folder to run in. Raises `RefusedError` where nothing is to be run, or not what is seen."""
    if not server.options.trusted:
        raise RefusedError(UNTRUSTED)
    saved = server.documents.saved(target.document.uri)
    if saved is None:
        raise RefusedError("The file has to be saved before it can be run.")
    if saved != target.document.source.text:
        raise RefusedError(f"`{os.path.basename(target.path)}` has changes: save it, then run it.")
    return os.path.dirname(target.path)


def _packs(target: Target) -> list[str]:
    folders = target.document.project.plan.pack_dirs
    return [word for folder in folders for word in ("--pack-dir", folder)]


async def run(server: Server, target: Target) -> Answer:
    """Run a workflow."""
    folder = _runnable(server, target)
    words = ["run", target.path, "--format", "json", *_packs(target)]
    given = json.dumps(target.parameters) if target.parameters else None
    if given is not None:
        words += ["--params", "-"]
    done = await st2c(server, f"Running {target.name}", words, folder, given)
    found = _data(done)
    if done.cancelled or not isinstance(found, dict):
        return _did_not(server, target, done, "run")
    status = str(found.get("status"))
    wrong = [str(e.get("message")) for e in found.get("errors") or () if isinstance(e, dict)]
    why = f": {wrong[0]}" if status != "succeeded" and wrong else ""
    server.reports.say(f"{target.name} {status}{why}", "info" if status == "succeeded" else "error")
    report = await server.reports.show(f"{target.name}.run.json", done.out)
    return {"status": status, "exitCode": done.code, "result": found, "report": report}


async def test(server: Server, target: Target) -> Answer:
    """Run the rehearsals of a workflow, or the one that the file is."""
    folder = _runnable(server, target)
    around = server.around(target.document)
    paths = await asyncio.to_thread(lenses.tests_of, target.document.document, around)
    if not paths:
        raise RefusedError(
            f"No rehearsal names {target.name}: `st2c run … --record FILE` makes one."
        )
    words = ["test", *paths, "--format", "json", *_packs(target)]
    done = await st2c(server, f"Testing {target.name}", words, folder)
    found = _data(done)
    if done.cancelled or not isinstance(found, dict):
        return _did_not(server, target, done, "test")
    passed, failed = int(found.get("passed", 0)), int(found.get("failed", 0))
    kind = "error" if failed else "info"
    server.reports.say(f"{target.name}: {passed} passed, {failed} failed", kind)
    answer: Answer = {"passed": passed, "failed": failed, "exitCode": done.code, "result": found}
    if failed:
        answer["report"] = await server.reports.show(f"{target.name}.test.json", done.out)
    return answer


async def run_to_here(server: Server, target: Target) -> Answer:
    """Run a workflow up to a task with mocked actions, and show what the task would begin with."""
    folder = _runnable(server, target)
    task = target.task or _task_at(target)
    if not task:
        raise RefusedError("There is no task here.")
    words = ["run", target.path, "--until", task, "--mock-all", "--force", "--format", "json"]
    done = await st2c(server, f"Running to {task}", [*words, *_packs(target)], folder)
    found = _data(done)
    if done.cancelled or not isinstance(found, dict) or "reached" not in found:
        return _did_not(server, target, done, "run")
    if found["reached"]:
        shown = json.dumps(found.get("input"), ensure_ascii=False)
        server.reports.say(f"{task} would run {found.get('action') or 'no action'} with {shown}")
    else:
        said = f"{task} is not reached when all succeeds: the workflow ends as {found['status']}"
        server.reports.say(said, "warning")
    report = await server.reports.show(f"{target.name}.{_safe(task)}.json", done.out)
    return {"reached": found["reached"], "result": found, "report": report}


async def evaluate(server: Server, target: Target) -> Answer:
    """Evaluate the expression at a place with the values of the last recorded run."""
    if not server.options.trusted:
        raise RefusedError(UNTRUSTED)
    found = None
    if target.offset is not None:
        found = evaluating.at(target.document.document, target.offset)
    if found is None:
        raise RefusedError("There is no expression here.")
    tasks = (target.task,) if target.task else found.tasks[:_TRIED]
    for task in tasks:
        words = ["execution", "context", target.path, "--task", task, "--format", "json"]
        done = await st2c(server, f"Evaluating {task}", words, os.path.dirname(target.path))
        recorded = _data(done)
        if not done.code and isinstance(recorded, dict) and "context" in recorded:
            return await asyncio.to_thread(_value, server, found, recorded)
    come = f" that has come to {' or '.join(tasks)}" if tasks else ""
    raise RefusedError(f"No run of {target.name}{come} is recorded: `st2c run` records one.")


def _value(server: Server, found: evaluating.Expression, recorded: dict[str, Any]) -> Answer:
    from st2lang.evaluation import EvaluationError
    from st2lang.evaluation.output import to_json

    answer: Answer = {"expression": found.text, "execution": recorded.get("execution")}
    try:
        answer["text"] = to_json(evaluating.evaluate(found, recorded), indent=2)
    except EvaluationError as error:
        answer["error"] = str(error)
        server.reports.say(f"{found.text} has no value: {error}", "warning")
        return answer
    answer["value"] = json.loads(answer["text"])
    server.reports.say(f"{found.text} is {answer['text']}")
    return answer


async def show_graph(server: Server, target: Target) -> Answer:
    """Draw a workflow and open the drawing outside of the editor."""
    from st2lang.compile import compile_document
    from st2lang.drawing import draw

    if target.document.document.workflow is None:
        raise RefusedError("This is no workflow.")
    drawn = draw(compile_document(target.document.document), "svg")
    report = await server.reports.show(f"{target.name}.svg", drawn, outside=True)
    server.reports.say(f"The graph of {target.name} is in {path_of(report)}")
    return {"report": report}


async def show_references(server: Server, target: Target) -> list[lsp.Location]:
    """Where a task is referred to."""
    document, offset = target.document, target.offset
    workflow = document.document.workflow
    if target.task and workflow is not None and target.task in workflow.tasks:
        offset = workflow.tasks[target.task].name.span.start
    if offset is None:
        raise RefusedError("There is nothing here that can be referred to.")
    around = server.around(document)
    places = references.find(document.document, offset, around, declarations=False)
    found = [server.location(document, place.path, place.span) for place in places]
    lines = ", ".join(str(one.range.start.line + 1) for one in found if one.uri == document.uri)
    noun = "1 reference" if len(found) == 1 else f"{len(found)} references"
    server.reports.say(f"{noun}{f', in line {lines}' if lines else ''}")
    return found


def _task_at(target: Target) -> str:
    from st2lang.query import cursor

    if target.offset is None:
        return ""
    task = cursor.at(target.document.document, target.offset).task
    return task.name.text if task is not None else ""


def _data(done: Finished) -> Any:
    """What a process has printed as JSON; None when that is none."""
    try:
        return json.loads(done.out)
    except ValueError:
        return None


def _did_not(server: Server, target: Target, done: Finished, what: str) -> Answer:
    """A process that was cancelled, or could not do its work."""
    if done.cancelled:
        return {"status": "canceled", "exitCode": done.code}
    why = done.complaint or f"exit code {done.code}"
    server.reports.say(f"{target.name} did not {what}: {why}", "error")
    return {"status": "refused", "exitCode": done.code, "message": done.err.strip() or why}


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)[:60]
