"""`st2c worker`: takes part in running executions of a database."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading

from st2lang.commands.options import UsageError, config_options, count, words
from st2runtime.commands import stores
from st2runtime.commands.run import PLACES, place_options, unasked

SUMMARY = "run executions of a database, on any number of machines"

CONCURRENCY = 16
_NOTICE = 0.3
"""How often the main thread looks up: a signal that another thread got is handled only then."""
EPILOG = """examples:
  st2c worker --database postgresql://st2c@db/st2c --pack-dir /opt/packs
  st2c worker --queues default,gpu --concurrency 4
  st2c run deploy.yaml --database postgresql://st2c@db/st2c --queue gpu

The workers of a database share its executions; one that is killed loses none: the others go on with them.
Each has the packs, configurations and the key file (ST2C_KEY_FILE) of its own machine. The first SIGTERM or
Ctrl-C lets what is in hand come to its end, a second one leaves it to the others. See docs/guides/many-machines.md.
exit codes: 0 stopped, 2 wrong use or unusable database"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    stores.database_option(parser)
    parser.add_argument(
        "--queues", type=words, metavar="NAME,…", help="the queues to take from (default: default)"
    )
    parser.add_argument(
        "--concurrency", type=count, metavar="N",
        help=f"executions that run at a time, of each queue (default: {CONCURRENCY})",
    )  # fmt: skip
    place_options(parser)
    config_options(parser)


def run(args: argparse.Namespace) -> int:
    """Work until a signal says stop; see EPILOG for the exit codes."""
    from st2runtime.actions.secrets import Secrets
    from st2runtime.commands.run_setup import surroundings
    from st2runtime.distributed.address import QUEUE

    url = stores.database(args)
    if not url:
        raise UsageError("name the database with `--database` or ST2C_DATABASE")
    gc.set_threshold(50_000)
    queues, number = args.queues or [QUEUE], args.concurrency or CONCURRENCY
    own = {name: getattr(args, name) for name in PLACES}
    settings = argparse.Namespace(**{**unasked(), **own, "database": url})
    with stores.told():
        if surroundings(settings, Secrets()) is None:
            return 2
        return _work(url, queues, number, settings)


def _work(url: str, queues: list[str], number: int, settings: argparse.Namespace) -> int:
    from st2runtime.commands.worker_leg import Legs
    from st2runtime.distributed.address import Address
    from st2runtime.distributed.presence import Presence
    from st2runtime.distributed.store import PostgresStore
    from st2runtime.distributed.worker import Worker

    store = PostgresStore(Address(url))
    presence = Presence(store.database, queues)
    store.worker = presence.number
    legs = Legs(store, settings)
    worker = Worker(store, queues, number, legs.conduct)
    wanted, presses = threading.Event(), []

    def heard(*_: object) -> None:
        presses.append(1)
        wanted.set()
        if len(presses) > 1:
            legs.stop()

    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, heard)
    worker.start()
    _say(f"Worker {presence.name} takes executions of {store.name} ({', '.join(queues)}).")
    while not wanted.wait(_NOTICE):
        pass
    _say("Stopping: what is in hand comes to its end first.")
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    while stopping.is_alive():
        stopping.join(_NOTICE)
    presence.leave()
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
