"""From arguments and configuration to a run that is ready to begin; every mistake is told before."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from st2lang.commands.options import UsageError
from st2lang.commands.terminal import wants_colour
from st2lang.commands.work import Plan, catalog, shown
from st2lang.problem import Problem
from st2lang.record import record
from st2lang.settings import DEFAULT, Settings
from st2runtime.actions import arguments, complaints, target
from st2runtime.actions.config import INSTALLED, Configs
from st2runtime.actions.errors import ActionError
from st2runtime.actions.library import Library
from st2runtime.actions.secrets import Secrets
from st2runtime.actions.target import Target
from st2runtime.actions.workflows import Workflows
from st2runtime.engines.prepare import Desk, Prepared

if TYPE_CHECKING:
    from st2lang.commands.config import Config
    from st2runtime.datastore import Datastore
    from st2runtime.engines.options import StandIns
    from st2runtime.rehearsal.case import Mock

STANLEY = "stanley"
"""The user that runs things in StackStorm when nobody is logged in."""


@record(slots=False)
class Session:
    """A run that can begin."""

    args: argparse.Namespace
    target: Target
    desk: Desk
    given: Mapping[str, Any]
    prepared: Prepared | None
    secrets: Secrets
    store: Store
    mocks: tuple[Mock, ...] = ()

    @cached_property
    def stand_ins(self) -> StandIns | None:
        """What stands in for actions that are not to run. Raises `UsageError`."""
        from st2runtime.commands.run_until import stand_ins_of

        args = self.args
        if not (args.dry_run or args.mock_all or args.until or self.mocks):
            return None
        return stand_ins_of(self)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What the checks have against the workflow."""
        return self.target.workflow.errors if self.target.workflow else ()

    def pack_path(self, action: str) -> str:
        """The folder of the pack that an action is of. Raises `ActionError` for an unknown action."""
        return self.desk.library.find(action).pack_path


class Store:
    """The datastore, opened when it is first asked for; what is decrypted becomes a secret.

    `seen` are the values that were found, and whether they are secret, by the keys as they were asked for.
    """

    def __init__(self, path: str | None, user: str, secrets: Secrets) -> None:
        self._path, self._user, self._secrets = path, user, secrets
        self.seen: dict[str, tuple[str, bool]] = {}

    @cached_property
    def path(self) -> str:
        """Its file, which may not be there, or the URL of a database."""
        if self._path:
            return self._path
        from st2runtime.datastore.places import default_path

        return str(default_path())

    @cached_property
    def _open(self) -> Datastore | None:
        from st2runtime.datastore.opening import is_there, opened

        return opened(self.path, self._user) if is_there(self.path) else None

    def find(self, key: str, decrypt: bool) -> Any:
        """A value as chains and parameters look it up. Raises KeyError."""
        if self._open is None:
            raise KeyError(key)
        return self._told(key, self._open.lookup(key, decrypt), decrypt)

    def find_orquesta(self, key: str, decrypt: bool) -> Any:
        """A value as `st2kv()` in Orquesta looks it up. Raises KeyError."""
        if self._open is None:
            raise KeyError(key)
        return self._told(key, self._open.lookup_orquesta(key, decrypt), decrypt)

    def _told(self, key: str, value: str, decrypted: bool) -> str:
        if decrypted:
            self._secrets.add([value])
        self.seen[key] = value, decrypted
        return value


@record
class Surroundings:
    """What is around a run, whatever it runs."""

    library: Library
    workflows: Workflows
    desk: Desk
    store: Store


def session(args: argparse.Namespace) -> Session | None:
    """Everything put together; None when the configuration is refused (printed). Raises `UsageError`."""
    secrets = Secrets()
    around = surroundings(args, secrets)
    if around is None:
        return None
    found, given, prepared = _prepared(args, around.desk)
    return Session(args, found, around.desk, given, prepared, secrets, around.store, mocks(args))


def surroundings(args: argparse.Namespace, secrets: Secrets) -> Surroundings | None:
    """What is around a run; None when the configuration is refused (printed). Raises `UsageError`."""
    config = _configuration(args)
    if config is None:
        return None
    _refuse_nonsense(args)
    plan = _plan(args, config)
    library = Library(catalog(plan))
    workflows = Workflows(library.catalog, lambda analysis, first: shown(plan, analysis, first))
    user = args.user or STANLEY
    context = _context(args.context)
    store = Store(args.datastore or getattr(args, "database", None), user, secrets)
    folders = tuple(args.config_dir or (INSTALLED,))
    configs = Configs(library.catalog, folders, store.find, secrets.add)
    desk = Desk(library, workflows, configs, secrets, {"user": user, **context}, store, args.force)
    return Surroundings(library, workflows, desk, store)


def _prepared(
    args: argparse.Namespace, desk: Desk
) -> tuple[Target, Mapping[str, Any], Prepared | None]:
    """What is to run, with what. With errors in the workflow nobody asks for parameters first."""
    try:
        found = target.find(args.target, desk.library, desk.workflows)
    except ActionError as error:
        raise UsageError(_listed(error.messages)) from error
    if found.workflow is not None and found.workflow.errors and not args.force:
        return found, {}, None
    runnable = found.runnable
    read = arguments.read(args.words, runnable)
    given = {**(_file(args.params) if args.params else {}), **read.values}
    if args.mock_all:
        from st2runtime.commands.run_until import with_samples

        given = with_samples(runnable, given)
    wrong = (*read.wrong.values(), *complaints.about(runnable, given, read.wrong))
    try:
        if wrong:
            raise ActionError(*wrong)
        return found, given, desk.root(runnable, given)
    except ActionError as error:
        lead = f"`{runnable.ref}` cannot be run like this:"
        raise UsageError(_listed(error.messages, lead)) from error


def _listed(messages: tuple[str, ...], lead: str = "") -> str:
    from st2lang.commands.terminal import printable

    lines = [printable(message) for message in messages]
    if len(lines) == 1:
        return lines[0]
    return "\n".join([lead, *(f"  - {line}" for line in lines)]).lstrip("\n")


def _refuse_nonsense(args: argparse.Namespace) -> None:
    for name in ("pack_dir", "config_dir"):
        for folder in getattr(args, name) or ():
            if not os.path.isdir(folder):
                raise UsageError(f"--{name.replace('_', '-')}: there is no folder `{folder}`")
    for name in ("no_store", "dry_run", "record", "until", "mock_all"):
        if args.detach and getattr(args, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"--detach needs a journal and nobody to watch: not with {option}")
    if args.record and args.until:
        raise UsageError("--record records a whole run, and --until stops before its end")
    if args.record and args.dry_run:
        raise UsageError("--record records what has run, and --dry-run runs nothing")


def _configuration(args: argparse.Namespace) -> Config | None:
    from st2lang.commands.setup import configuration

    args.paths, args.stdin_filename = [args.target], None
    return configuration(args)


def _plan(args: argparse.Namespace, config: Config) -> Plan:
    from st2lang.commands.rules import Rules

    rules = Rules(
        ignore=config.ignore,
        severities=config.severities,
        per_file=config.per_file_ignores,
        root=config.root,
    )
    variables = config.context_variables
    folder = os.path.dirname(args.target) if os.path.isfile(args.target) else ""
    return Plan(
        rules=rules,
        settings=DEFAULT if variables is None else Settings(frozenset(variables)),
        pack_dirs=tuple(args.pack_dir or config.pack_dirs),
        roots=() if args.pack_dir else (folder or ".",),
    )


def _context(words: list[str] | None) -> dict[str, Any]:
    found = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise UsageError(f"--context: `{word}` is not written NAME=VALUE")
        found[name] = value
    return found


def _file(name: str) -> dict[str, Any]:
    """The parameters in a file of JSON or YAML, - for the standard input."""
    import yaml

    from st2runtime.rehearsal.data import plain

    try:
        if name == "-":
            found = yaml.safe_load(sys.stdin)
        else:
            with open(name, encoding="utf-8-sig") as file:
                found = yaml.safe_load(file)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise UsageError(f"--params: `{name}` cannot be read: {reason}") from error
    if not isinstance(found, dict):
        raise UsageError(f"--params: `{name}` is no mapping of parameters")
    return {str(key): value for key, value in plain(found).items()}


def mocks(args: argparse.Namespace) -> tuple[Mock, ...]:
    """The mocks of a run. Raises `UsageError` for a file that cannot be used."""
    if not args.mock:
        return ()
    from st2runtime.commands.run_mocks import read

    return read(args.mock)


def refused(made: Session) -> int:
    """Print why a workflow is not run; the exit code."""
    from st2lang.commands import formats
    from st2lang.commands.report import Report, Run, display

    workflow = made.target.workflow
    assert workflow is not None
    report = Report(display(workflow.source.path), "", workflow.source, made.errors)
    json_wanted = made.args.format == "json"
    out = sys.stderr if json_wanted else sys.stdout
    run = Run([report], colour=wants_colour(made.args.color, out), summary=False)
    formats.write("text", run, out)
    number = len(made.errors)
    errors = "an error" if number == 1 else f"{number} errors"
    print(f"Not run: the workflow has {errors} (`--force` runs it anyway).", file=out)
    if json_wanted:
        from st2runtime.commands.run_json import print_refused

        print_refused(made)
    return 1
