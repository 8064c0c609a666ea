"""What other processes want of a run: it comes by mail, and is dispatched like everything that happens."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from st2runtime.actions.parameters import secrets_inside
from st2runtime.conductor import InvalidEvent
from st2runtime.engines.execution import Execution
from st2runtime.events import Rerun, RerunTask
from st2runtime.journal.holders import silence
from st2runtime.journal.store import Mail

if TYPE_CHECKING:
    from st2runtime.engines.local import LocalEngine
    from st2runtime.journal.store import Log
    from st2runtime.journal.writer import Writer

RATE = 5.0
"""How often a second the mailbox is looked into."""


class Mailbox:
    """Delivers the mail of a run, and says now and then that its process is there."""

    def __init__(self, engine: LocalEngine, log: Log, writer: Writer) -> None:
        self.engine, self.log, self.writer = engine, log, writer
        self._seen = 0

    async def listen(self) -> None:
        """Go on until cancelled. Raises `JournalError`."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            await asyncio.sleep(1 / RATE)
            self.deliver()
            if loop.time() - renewed > silence() / 5:
                self.log.renew()
                renewed = loop.time()

    def deliver(self) -> None:
        """Deliver what has come in."""
        for mail in self.log.mail():
            if mail.number > self._seen:
                self._seen = mail.number
                self._deliver(mail)

    def _deliver(self, mail: Mail) -> None:
        about = {"mail": mail.number, "wanted": mail.kind}
        try:
            taken = self._act(mail, about)
        except InvalidEvent:
            taken = False
        if not taken:
            self.writer.done_with(mail.number)

    def _act(self, mail: Mail, about: Mapping[str, Any]) -> bool:
        """Do what a piece of mail wants; False for what makes no sense now."""
        engine, execution = self.engine, self.engine.execution
        match mail.kind:
            case "cancel":
                return engine.cancel(about)
            case "pause" if execution is not None:
                execution.pause(about)
                return True
            case "resume" if execution is not None:
                engine.jobs.unsettle()
                execution.resume(about)
                return True
            case "rerun" if execution is not None:
                engine.jobs.unsettle()
                execution.rerun(Rerun(_tasks(mail.data.get("tasks") or ())), about)
                return True
            case "answer":
                return self._answer(mail, about)
        return False

    def _answer(self, mail: Mail, about: Mapping[str, Any]) -> bool:
        for key, step in self.engine.resting.items():
            if step.id == mail.data.get("inquiry"):
                execution = self._execution(key[0])
                if execution is None:
                    return False
                schema = (step.result or {}).get("schema") or {}
                response = mail.data.get("response")
                self.engine.desk.secrets.add(secrets_inside(schema, response))
                result = {**dict(step.result or {}), "response": response}
                self.engine.jobs.unsettle()
                self.engine.answer(execution, step, result, about)
                return True
        return False

    def _execution(self, own: str) -> Execution | None:
        candidates = (self.engine.execution, *self.engine.children.values())
        return next((one for one in candidates if one is not None and one.step.id == own), None)


def _tasks(data: Sequence[Sequence[Any]]) -> tuple[RerunTask, ...]:
    return tuple(RerunTask(*task) for task in data)
