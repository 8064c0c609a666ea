"""How much runners add to what they run, as ratios that hold on any machine.

    python tests/benchmarks/bench_runners.py

200 commands by the runner against the same 200 by `subprocess` alone, one after the other and all at once; a
Python action against the same file run by its interpreter; an HTTP request against the client's own. Medians
of several rounds, the two sides in turn. On a busy machine only the ratio of CPU says anything: a process
that starts others competes with them, one that waits for each does not.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from st2runtime.runners import Invocation, Services, find

COMMANDS = 200
ROUNDS = 7
PIPE = subprocess.PIPE

ACTION = """
from st2common.runners.base_action import Action

class Sum(Action):
    def run(self, a, b):
        return a + b
"""
PLAIN = "import json, logging, sys\njson.loads('{}')\nprint(json.dumps(3))\n"


def cpu() -> float:
    """CPU seconds of this process and those that it has waited for."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in spent)


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of an action."""
    start, spent = time.perf_counter(), cpu()
    action()
    return time.perf_counter() - start, cpu() - spent


def compared(name: str, ours: Callable[[], object], bare: Callable[[], object], count: int) -> None:
    """Print the ratios of two ways to do the same `count` things, and what one thing takes."""
    ours(), bare()
    pairs = [(timed(ours), timed(bare)) for _ in range(ROUNDS)]
    print(f"{name:40}", end="")
    for which, unit in enumerate(("wall", "CPU")):
        ratio = statistics.median(one[which] / other[which] for one, other in pairs)
        mine = statistics.median(one[which] for one, _ in pairs) * 1000 / count
        print(f"  {unit} {ratio:5.2f} times ({mine:6.2f} ms)", end="")
    print()


def shell(command: str) -> None:
    """A command without a runner: what `core.local` has to do at least."""
    subprocess.run(["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, stdout=PIPE, stderr=PIPE)


def by_threads(command: str) -> None:
    with ThreadPoolExecutor(COMMANDS) as pool:
        list(pool.map(shell, [command] * COMMANDS))


def one_by_one(runs: Callable[[], Awaitable[object]], count: int) -> Callable[[], None]:
    async def all_of_them() -> None:
        for _ in range(count):
            await runs()

    return lambda: asyncio.run(all_of_them())


def at_once(runs: Callable[[], Awaitable[object]], count: int) -> Callable[[], None]:
    async def all_of_them() -> None:
        await asyncio.gather(*(runs() for _ in range(count)))

    return lambda: asyncio.run(all_of_them())


def commands() -> None:
    runner, services = find("local-shell-cmd"), Services()
    for command in ("echo hello", "sleep 0.01"):
        action = Invocation("e", "core.local", "local-shell-cmd", {"cmd": command})
        runs = lambda action=action: runner.run(action, services)  # noqa: E731
        bare = lambda command=command: [shell(command) for _ in range(COMMANDS)]  # noqa: E731
        together = lambda command=command: by_threads(command)  # noqa: E731
        name = f"{COMMANDS} × `{command}`"
        compared(f"{name}, one by one", one_by_one(runs, COMMANDS), bare, COMMANDS)
        compared(f"{name}, at once", at_once(runs, COMMANDS), together, COMMANDS)


def python_action() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, plain = Path(folder, "sum.py"), Path(folder, "plain.py")
        path.write_text(ACTION)
        plain.write_text(PLAIN)
        schemas: dict[str, dict[str, object]] = {"a": {}, "b": {}}
        action = Invocation(
            "e", "x.sum", "python-script", {"a": 1, "b": 2}, schemas, entry_point=str(path)
        )
        runs = lambda: find("python-script").run(action, Services())  # noqa: E731
        bare = lambda: [subprocess.run([sys.executable, plain], stdout=PIPE) for _ in range(20)]  # noqa: E731
        compared("20 Python actions against json, logging", one_by_one(runs, 20), bare, 20)


class Quiet(BaseHTTPRequestHandler):
    """Says yes to everything."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


def requests() -> None:
    from urllib.request import urlopen

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    action = Invocation("e", "core.http", "http-request", {"url": url})
    runs = lambda: find("http-request").run(action, Services())  # noqa: E731
    compared(
        "50 requests against urllib",
        one_by_one(runs, 50),
        lambda: [urlopen(url).read() for _ in range(50)],
        50,
    )
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    commands()
    python_action()
    requests()
