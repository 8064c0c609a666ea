"""`st2c inquiry`: questions that runs wait for an answer to, in the words of `st2 inquiry`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2lang.record import record
from st2runtime.commands import stores

if TYPE_CHECKING:
    from st2runtime.engines.steps import Step
    from st2runtime.journal.store import Store, Summary

SUMMARY = "look at what runs ask, and answer"

EPILOG = """examples:
  st2c inquiry list
  st2c inquiry get 9b2e
  st2c inquiry respond 9b2e continue=true
  st2c inquiry respond 9b2e --response '{"continue": true}'

ID is what the id of an inquiry begins with, `last`, or the id of a run that asks one thing only. The run goes on at
once: in the process that runs it, else in the background.
exit codes: 0 found or done, 2 wrong use, an answer that does not fit, or unusable journal"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the commands and their arguments."""
    parser.epilog = EPILOG
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    stores.verb(verbs, "list", "list what waits for an answer")
    get = stores.verb(verbs, "get", "show what is asked")
    get.add_argument("inquiry", metavar="ID", help="the inquiry")
    respond = stores.verb(verbs, "respond", "answer; the run goes on")
    respond.add_argument("inquiry", metavar="ID", help="the inquiry")
    respond.add_argument("words", nargs="*", metavar="NAME=VALUE", help="the answers")
    respond.add_argument(
        "-r", "--response", metavar="JSON", help="all answers; - reads them from the standard input"
    )
    respond.add_argument("-u", "--user", metavar="NAME", default="stanley", help="who answers")
    respond.add_argument("--wait", action="store_true", help="go on here, until it ends or rests")


@record
class Inquiry:
    """A question of a run. `asked` is the result that the action has meanwhile: schema, users and so on."""

    run: Summary
    step: Step

    @property
    def asked(self) -> Mapping[str, Any]:
        """What is asked of whom."""
        return self.step.result if isinstance(self.step.result, Mapping) else {}

    @property
    def schema(self) -> Mapping[str, Any]:
        """What the answers must fit."""
        found = self.asked.get("schema")
        return found if isinstance(found, Mapping) else {}


def run(args: argparse.Namespace) -> int:
    """Do it; see EPILOG for the exit codes."""
    verbs = {"list": show_list, "get": get, "respond": respond}
    with stores.told():
        return verbs[args.verb](stores.open_store(args), args)


def inquiries(store: Store) -> list[Inquiry]:
    """All that wait for an answer, latest runs first."""
    from st2runtime.commands.execution_show import replayed
    from st2runtime.journal.store import Query

    found = []
    for summary in store.executions(Query(statuses=("running", "pausing", "paused", "resuming"))):
        run = replayed(store, summary.id)
        for key in run.resting:
            if run.steps[key].status == "pending":
                found.append(Inquiry(summary, run.steps[key]))
    return found


def _find(store: Store, text: str) -> Inquiry:
    waiting = inquiries(store)
    if text == "last" and waiting:
        return waiting[0]
    found = [one for one in waiting if one.step.id.startswith(text)] if text else []
    found = found or [one for one in waiting if text and one.run.id.startswith(text)]
    if not found:
        raise UsageError(f"nothing waits for an answer by the name `{text}`")
    if len(found) > 1:
        raise UsageError(f"more than one inquiry is meant by `{text}`: `st2c inquiry list`")
    return found[0]


def _data(one: Inquiry) -> dict[str, Any]:
    from st2runtime.engines.results import timestamp

    return {
        "id": one.step.id,
        "execution": one.run.id,
        "action": one.run.action,
        "task": one.step.task,
        "status": one.step.status,
        "start_timestamp": timestamp(one.step.began),
        **{name: one.asked.get(name) for name in ("schema", "roles", "users", "route", "ttl")},
    }


def show_list(store: Store, args: argparse.Namespace) -> int:
    """`list`"""
    from st2lang.commands.terminal import printable
    from st2runtime.commands.run_json import print_data

    found = inquiries(store)
    if args.format == "json":
        print_data([_data(one) for one in found])
        return 0
    if not found:
        print("Nothing waits for an answer.", file=sys.stderr)
    for one in found:
        names = ", ".join((one.schema.get("properties") or {}).keys())
        print(printable(f"{one.step.id}  {one.run.action}  {one.step.task}  {names}"))
    return 0


def get(store: Store, args: argparse.Namespace) -> int:
    """`get`"""
    from st2lang.commands.terminal import printable
    from st2runtime.commands.run_json import print_data
    from st2runtime.rehearsal.data import to_yaml

    data = _data(_find(store, args.inquiry))
    if args.format == "json":
        print_data(data)
    else:
        print("\n".join(printable(line) for line in to_yaml(data).splitlines()))
    return 0


def respond(store: Store, args: argparse.Namespace) -> int:
    """`respond`"""
    from st2runtime.actions.parameters import secrets_inside
    from st2runtime.commands.execution_control import send, wake
    from st2runtime.commands.run_json import print_data
    from st2runtime.journal.store import Mail
    from st2runtime.runners.inquirer import mistakes

    one = _find(store, args.inquiry)
    users = one.asked.get("users") or []
    if users and args.user not in users:
        raise UsageError(f"only {', '.join(map(str, users))} may answer this, not {args.user}")
    response = _response(args, one.schema)
    wrong = mistakes(one.schema, response)
    if wrong:
        raise UsageError(f"the answers do not fit the schema of the inquiry: {wrong}")
    secret = bool(list(secrets_inside(one.schema, response)))
    mail = Mail("answer", {"inquiry": one.step.id, "response": response}, secret=secret)
    if not send(store, one.run, mail):
        wake(store, args, one.run.id)
    if args.format == "json":
        print_data({"id": one.step.id, "execution": one.run.id, "answered": True})
    else:
        print(f"Answered; `st2c execution tail {one.run.id}` follows the run.")
    return 0


def _response(args: argparse.Namespace, schema: Mapping[str, Any]) -> Any:
    if args.response is not None and args.words:
        raise UsageError("give either --response or NAME=VALUE")
    if args.response is not None:
        text = sys.stdin.read() if args.response == "-" else args.response
        try:
            return json.loads(text)
        except ValueError as error:
            raise UsageError(f"--response is no JSON: {error}") from error
    from st2runtime.actions import arguments
    from st2runtime.actions.runnable import Runnable

    own = schema.get("properties") or {}
    asked = Runnable("core.ask", "core", "inquirer", own=own if isinstance(own, Mapping) else {})
    read = arguments.read(args.words, asked)
    if read.wrong:
        raise UsageError("; ".join(read.wrong.values()))
    return read.values
