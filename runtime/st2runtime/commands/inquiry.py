"""`st2c inquiry`: questions that runs wait for an answer to, in the words of `st2 inquiry`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2runtime.commands import open_inquiries, stores

if TYPE_CHECKING:
    from st2runtime.commands.open_inquiries import Inquiry
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
    respond.add_argument("-u", "--user", metavar="NAME", help="who answers (default: you)")
    respond.add_argument("--wait", action="store_true", help="go on here, until it ends or rests")


def run(args: argparse.Namespace) -> int:
    """Do it; see EPILOG for the exit codes."""
    verbs = {"list": show_list, "get": get, "respond": respond}
    with stores.told():
        return verbs[args.verb](stores.open_store(args), args)


def _find(store: Store, text: str) -> tuple[Summary, Inquiry]:
    """The inquiry that is meant, and its run."""
    waiting = list(open_inquiries.of_store(store))
    if text == "last" and waiting:
        return waiting[0]
    found = [both for both in waiting if both[1].step.id.startswith(text)] if text else []
    found = found or [both for both in waiting if text and both[0].id.startswith(text)]
    if not found:
        raise UsageError(f"nothing waits for an answer by the name `{text}`")
    if len(found) > 1:
        raise UsageError(f"more than one inquiry is meant by `{text}`: `st2c inquiry list`")
    return found[0]


def _data(run: Summary, one: Inquiry) -> dict[str, Any]:
    from st2runtime.engines.results import timestamp

    return {
        "id": one.step.id,
        "execution": run.id,
        "action": run.action,
        "task": one.step.task,
        "status": one.step.status,
        "start_timestamp": timestamp(one.step.began),
        "deadline": timestamp(one.until),
        **{name: one.asked.get(name) for name in ("schema", "roles", "users", "route", "ttl")},
    }


def show_list(store: Store, args: argparse.Namespace) -> int:
    """`list`"""
    from st2lang.commands.terminal import printable
    from st2runtime.commands.run_json import print_data

    found = list(open_inquiries.of_store(store))
    if args.format == "json":
        print_data([_data(*both) for both in found])
        return 0
    if not found:
        print("Nothing waits for an answer.", file=sys.stderr)
    for run, one in found:
        words = [one.step.id, run.action, one.step.task, ", ".join(one.names), _until(one)]
        print(printable("  ".join(words).rstrip()))
    return 0


def get(store: Store, args: argparse.Namespace) -> int:
    """`get`"""
    from st2lang.commands.terminal import printable
    from st2runtime.commands.run_json import print_data
    from st2runtime.rehearsal.data import to_yaml

    data = _data(*_find(store, args.inquiry))
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

    summary, one = _find(store, args.inquiry)
    _check(one, args.user or _myself())
    response = _response(args, one.schema)
    wrong = mistakes(one.schema, response)
    if wrong:
        raise UsageError(f"the answers do not fit the schema of the inquiry: {wrong}")
    secret = bool(list(secrets_inside(one.schema, response)))
    mail = Mail("answer", {"inquiry": one.step.id, "response": response}, secret=secret)
    if not send(store, summary, mail):
        wake(store, args, summary.id)
    if args.format == "json":
        print_data({"id": one.step.id, "execution": summary.id, "answered": True})
    else:
        print(f"Answered; `st2c execution tail {summary.id}` follows the run.")
    return 0


def _until(one: Inquiry) -> str:
    if one.until is None:
        return ""
    when = open_inquiries.at(one.until)
    return f"timed out {when}" if one.overdue else f"until {when}"


def _check(one: Inquiry, user: str) -> None:
    """Whether somebody may answer, and still can. Raises `UsageError`."""
    if one.overdue and one.until is not None:
        raise UsageError(
            f"the time to answer was over at {open_inquiries.at(one.until)}; "
            f"`st2c resume {one.run}` goes on without"
        )
    users, roles = one.asked.get("users") or [], one.asked.get("roles") or []
    if users and user not in users:
        raise UsageError(
            f"only {', '.join(map(str, users))} may answer this, not {user} (--user says who answers)"
        )
    if roles:
        print(
            f"st2c: whether {user} has a role ({', '.join(map(str, roles))}) only StackStorm knows",
            file=sys.stderr,
        )


def _myself() -> str:
    """Who is logged in; "" where the system does not tell."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


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
