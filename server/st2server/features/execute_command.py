"""`workspace/executeCommand`: the commands of code lenses and menus, carried out by `orders`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from st2server import orders
from st2server.app import Server

Order = Callable[[Server, orders.Target], Awaitable[Any]]

COMMANDS: dict[str, Order] = {
    "st2lang.run": orders.run,
    "st2lang.test": orders.test,
    "st2lang.runToHere": orders.run_to_here,
    "st2lang.evaluate": orders.evaluate,
    "st2lang.showGraph": orders.show_graph,
    "st2lang.showReferences": orders.show_references,
}


def register(server: Server) -> None:
    """Take commands. What is refused is told to the user, and answered with the reason."""
    for name, order in COMMANDS.items():
        server.command(name)(_handler(server, order))


def _handler(server: Server, order: Order) -> Callable[..., Awaitable[Any]]:
    async def carry_out(*arguments: Any) -> Any:
        target = orders.target_of(server, arguments)
        try:
            return await order(server, target)
        except orders.RefusedError as refused:
            server.reports.say(str(refused), "warning")
            return {"status": "refused", "message": str(refused)}

    return carry_out
