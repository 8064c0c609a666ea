"""The runners that need no process and no network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from runners.helpers import invocation, listening, run
from st2runtime.runners import Outcome, Services, find


def test_noop() -> None:
    assert run("noop") == Outcome(
        "succeeded", {"failed": False, "succeeded": True, "return_code": 0}
    )


def test_announcement() -> None:
    lines, services = listening()
    parameters = {"experimental": True, "route": "chat", "message": {"a": "ä"}}
    outcome = run("announcement", parameters, {"message": {}, "experimental": {}}, services)
    assert outcome == Outcome("succeeded", {"message": {"a": "ä"}})
    assert lines == [("stdout", 'chat: {"message": {"a": "ä"}}')]


def test_announcement_is_experimental() -> None:
    outcome = run("announcement", {"route": "x"})
    assert outcome.status == "failed"
    assert outcome.result["error"] == "Experimental flag is missing for action tests.action"


@pytest.mark.parametrize(
    ("runner", "said"),
    [
        ("winrm-cmd", "Windows Remote Management is not supported"),
        ("winrm-ps-script", "Windows Remote Management is not supported"),
        ("mistral-v2", "has removed it"),
        ("windows-cmd", "has removed it"),
    ],
)
def test_unsupported(runner: str, said: str) -> None:
    outcome = run(runner)
    assert outcome.status == "failed"
    assert said in outcome.result["error"]
    assert "`tests.action`" in outcome.result["error"]


class Person:
    """Gives prepared answers, and remembers what the questions were."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Any, Mapping[str, Any]]] = []

    async def ask(self, schema: Mapping[str, Any], context: Mapping[str, Any]) -> Any:
        self.asked.append((schema, context))
        return self.answers.pop(0)


SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "required": True},
        "size": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}


def test_inquiry() -> None:
    person = Person({"name": "x", "size": 2})
    parameters = {"schema": SCHEMA, "route": "r", "users": ["u"], "roles": [], "ttl": 60}
    outcome = run("inquirer", parameters, services=Services(ask=person.ask))
    assert outcome == Outcome("succeeded", {**parameters, "response": {"name": "x", "size": 2}})
    assert person.asked == [(SCHEMA, {"route": "r", "users": ["u"], "roles": [], "ttl": 60})]


def test_inquiry_by_default_asks_whether_to_continue() -> None:
    person = Person({}, {"continue": "yes"}, {"continue": True})
    outcome = run("inquirer", services=Services(ask=person.ask))
    assert outcome.result["response"] == {"continue": True}
    errors = [context.get("error") for _, context in person.asked]
    assert errors == [
        None,
        "'continue' is a required property",
        "continue: 'yes' is not of type 'boolean'",
    ]


def test_answers_that_never_fit() -> None:
    person = Person(*[{"name": "x", "size": 0}] * 3)
    outcome = run("inquirer", {"schema": SCHEMA}, services=Services(ask=person.ask))
    assert outcome.status == "failed"
    assert "size: 0 is less than the minimum of 1" in outcome.result["error"]


def test_a_schema_that_is_none() -> None:
    outcome = run("inquirer", {"schema": {"type": 5}}, services=Services(ask=Person(*[{}] * 3).ask))
    assert "the schema itself is wrong" in outcome.result["error"]


@pytest.mark.parametrize("services", [Services(), Services(ask=Person(None).ask)])
def test_nobody_to_ask(services: Services) -> None:
    outcome = run("inquirer", {"schema": SCHEMA}, services=services)
    assert outcome.status == "pending"
    assert "response" not in outcome.result


def test_nobody_answers_in_time() -> None:
    async def silent(schema: Any, context: Any) -> Any:
        await asyncio.Event().wait()

    outcome = run("inquirer", {"ttl": 0.001}, services=Services(ask=silent))
    assert outcome.status == "timeout"
    assert outcome.result["ttl"] == 0.001


def test_asking_is_cancelled() -> None:
    asked = asyncio.Event()

    async def silent(schema: Any, context: Any) -> Any:
        asked.set()
        await asyncio.Event().wait()

    async def cancelled() -> None:
        action = invocation("inquirer", {"ttl": 0})
        task = asyncio.ensure_future(find("inquirer").run(action, Services(ask=silent)))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
