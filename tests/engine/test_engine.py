"""What the local engine makes of workflows: order, results, contexts, what cannot be started."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from engine.kit import Kit, tasks, workflow, write
from st2runtime.conductor import Conductor
from st2runtime.engines.execution import Execution
from st2runtime.engines.journal import Then, Unkept
from st2runtime.events import Event
from st2runtime.requests import Request, RunAction

from st2lang.graph import Graph

FAN = """
version: 1.0
input: [names]
tasks:
  greet:
    with: n in <% ctx().names %>
    action: core.local cmd="echo hello <% item(n) %>"
    next:
      - publish:
          - said: <% result().select($.stdout) %>
          - told: <% task(greet).result.items.select($.result.stdout) %>
        do: both
  nothing:
    next:
      - do: both
  both:
    join: all
    action: core.noop
output:
  - said: <% ctx().said %>
  - told: <% ctx().told %>
"""


def test_items_tasks_without_action_and_a_join(tmp_path: Path) -> None:
    write(tmp_path, workflow("fan", FAN, "{names: {type: array}}"))
    step = Kit(tmp_path).run("shop.fan", {"names": ["ada", "grace"]})
    said = ["hello ada", "hello grace"]
    assert step.result == {"output": {"said": said, "told": said}}
    assert (step.status, tasks(step)) == ("succeeded", ["greet", "greet", "both"])
    assert [child.line for child in step.children] == [*said, ""]


CONTEXTS = """
version: 1.0
tasks:
  here:
    action: core.noop
    next:
      - publish:
          - st2: <% ctx().st2 %>
          - parent: <% ctx().parent %>
        do: child
  child:
    action: shop.chain
    next:
      - publish:
          - below: <% result() %>
output:
  - st2: <% ctx().st2 %>
  - parent: <% ctx().parent %>
  - below: <% ctx().below %>
"""
CHAIN = """
chain:
  - name: look
    ref: core.local
    parameters:
      cmd: echo {{ action_context.parent.user }} {{ action_context.parent.parent.execution_id }}
    publish:
      said: "{{ look.stdout }}"
"""


def test_what_is_around_workflows(tmp_path: Path) -> None:
    files = workflow("top", CONTEXTS) | workflow("chain", CHAIN, runner="action-chain")
    write(tmp_path, files)
    step = Kit(tmp_path, force=True).run("shop.top")
    output = step.output
    st2 = dict(output["st2"])
    assert st2.pop("workflow_execution_id") not in ("", step.id)
    assert st2 == {
        "action_execution_id": step.id,
        "api_url": "http://127.0.0.1:9101/v1",
        "user": "ada",
        "pack": "shop",
        "action": "shop.top",
        "runner": "orquesta",
    }
    assert output["parent"] == {"user": "ada", "pack": "shop"}
    below: Any = output["below"]
    assert below["published"] == {"said": f"ada {step.id}"}
    (task,) = below["tasks"]
    inner = step.children[1].children[0]
    assert task["execution_id"] == inner.id
    assert task["created_at"] <= task["updated_at"]
    assert (task["id"], task["name"], task["state"]) == ("look", "look", "succeeded")
    assert task["result"]["stdout"] == f"ada {step.id}"


FAILS = """
version: 1.0
tasks:
  first:
    action: core.local cmd="echo no; exit 3"
output:
  - seen: <% task(first).result.stdout %>
"""


def test_a_failed_sub_workflow_tells_its_errors(tmp_path: Path) -> None:
    top = "version: 1.0\ntasks:\n  sub:\n    action: shop.fails\n"
    write(tmp_path, workflow("fails", FAILS) | workflow("top", top))
    step = Kit(tmp_path).run("shop.top")
    (sub,) = step.children
    assert (step.status, sub.status) == ("failed", "failed")
    assert sub.result["output"] == {"seen": "no"}
    (error,) = sub.result["errors"]
    assert (error["task_id"], error["result"]["return_code"]) == ("first", 3)


REFUSED = """
version: 1.0
vars:
  - action: core.ecko
tasks:
  a:
    action: {action}
    next:
      - when: <% failed() %>
        do: never
  b:
    action: core.noop
  never:
    action: core.noop
"""


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("<% ctx().action %>", "InvalidActionReferencedException: there is no action `core.ecko`"),
        ("core.local cmd=<% 5 %>", "ValueError: parameter `cmd`: 5 is no string"),
        ("core.local cmd=x timeout=<% {} %>", "ValueError: parameter `timeout`"),
    ],
)
def test_what_cannot_be_started_fails_the_workflow(
    tmp_path: Path, action: str, message: str
) -> None:
    write(tmp_path, workflow("top", REFUSED.replace("{action}", action)))
    step = Kit(tmp_path, force=True).run("shop.top")
    assert step.status == "failed"
    assert tasks(step) == ["a"]  # neither `b`, nor what is there for a failure
    (error,) = step.errors
    assert error["message"].startswith(message)
    assert (error["task_id"], error["route"]) == ("a", 0)


CHAIN_REFUSED = """
chain:
  - name: a
    ref: core.local
    parameters: {parameters}
    on-failure: b
  - name: b
    ref: {ref}
"""


def test_a_chain_survives_parameters_that_nobody_takes(tmp_path: Path) -> None:
    chain = CHAIN_REFUSED.format(parameters="{cmd: x, cdm: y}", ref="core.noop")
    write(tmp_path, workflow("top", chain, runner="action-chain"))
    step = Kit(tmp_path, force=True).run("shop.top")
    assert (step.status, tasks(step)) == ("succeeded", ["a", "b"])
    assert "no parameter `cdm`; did you mean" in step.children[0].result["error"]


def test_a_chain_does_not_survive_an_unknown_action(tmp_path: Path) -> None:
    chain = CHAIN_REFUSED.format(parameters="{cmd: exit 1}", ref="core.noob")
    write(tmp_path, workflow("top", chain, runner="action-chain"))
    step = Kit(tmp_path, force=True).run("shop.top")
    assert step.status == "failed"
    assert [task["name"] for task in step.result["tasks"]] == ["a"]
    assert (
        "there is no action `core.noob` in the pack `core`; did you mean `core.noop`?"
        in (step.result["error"])
    )


def test_a_workflow_that_runs_itself_ends(tmp_path: Path) -> None:
    write(tmp_path, workflow("top", "version: 1.0\ntasks:\n  t:\n    action: shop.top\n"))
    step = Kit(tmp_path).run("shop.top")
    assert step.status == "failed"
    deepest = list(step.walk())[-1]
    assert "more than 50 deep: one runs itself" in deepest.error
    assert deepest.depth == 51


def test_a_sub_workflow_that_the_checks_refuse(tmp_path: Path) -> None:
    bad = "version: 1.0\ntasks:\n  t:\n    action: core.ecko\n"
    top = "version: 1.0\ntasks:\n  t:\n    action: shop.bad\n"
    write(tmp_path, workflow("bad", bad) | workflow("top", top))
    step = Kit(tmp_path).run("shop.top")
    (sub,) = step.children
    assert sub.result["output"] is None
    (error,) = sub.result["errors"]
    assert (error["check"], error["spec_path"]) == ("unknown-action", "tasks.t.action")
    assert not sub.children


NESTED = """
version: 1.0
tasks:
  a: {action: shop.inner}
  b: {action: shop.inner}
  c: {action: core.local cmd="echo c"}
"""


def test_nested_workflows_do_not_wait_for_each_other(tmp_path: Path) -> None:
    inner = "version: 1.0\ntasks:\n  t:\n    action: core.local cmd='echo inner'\n"
    write(tmp_path, workflow("top", NESTED) | workflow("inner", inner))
    step = Kit(tmp_path).run("shop.top", concurrency=1)
    assert step.status == "succeeded"
    steps = [one for one in step.walk() if one.runner == "local-shell-cmd"]
    times = sorted((one.started or 0, one.ended or 0) for one in steps)
    assert len(times) == 3
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(times))


RETRY = """
version: 1.0
input: [file]
tasks:
  t:
    action: core.local cmd="echo x >> <% ctx().file %>; test $(wc -l < <% ctx().file %>) -ge 3"
    delay: 600
    retry: {count: 5, delay: 600}
"""


def test_waits_and_tries(tmp_path: Path) -> None:
    write(tmp_path, workflow("top", RETRY, "{file: {type: string}}"))
    step = Kit(tmp_path).run("shop.top", {"file": str(tmp_path / "tries")}, patience=0.0)
    assert step.status == "succeeded"
    assert [(one.attempt, one.status) for one in step.children] == [
        (0, "failed"),
        (1, "failed"),
        (2, "succeeded"),
    ]


def test_the_journal_is_enough_to_come_back_to_the_same_state(tmp_path: Path) -> None:
    write(tmp_path, workflow("fan", FAN, "{names: {type: array}}"))
    log: list[tuple[Graph, Event, tuple[Request, ...]]] = []
    begun: list[str] = []

    class Kept(Unkept):
        def happened(
            self,
            execution: Execution,
            event: Event,
            about: Mapping[str, Any],
            requests: Sequence[Request],
            then: Then,
        ) -> None:
            asked = [one.task for one in requests if isinstance(one, RunAction)]
            steps = [step.task for step in execution.step.children]
            assert not asked or steps == begun  # nothing is done before it has been written down
            begun.extend(asked)
            log.append((execution.graph, event, tuple(requests)))
            then()

    step = Kit(tmp_path).run("shop.fan", {"names": ["ada", "grace"]}, journal=Kept())
    conductor = Conductor(log[0][0])
    assert [conductor.handle(event) for _, event, _ in log] == [asked for _, _, asked in log]
    assert (conductor.status, conductor.output) == (step.status, step.output)


def test_an_action_that_is_no_workflow(tmp_path: Path) -> None:
    step = Kit(tmp_path).run("core.local", {"cmd": "echo out; echo err >&2; exit 4"})
    assert step.status == "failed"
    assert (step.result["return_code"], step.result["stdout"], step.result["stderr"]) == (
        4,
        "out",
        "err",
    )


def test_secrets_of_all_depths_are_known(tmp_path: Path) -> None:
    top = """
    version: 1.0
    tasks:
      t:
        action: shop.login password=<% "hunter2" %>
    """
    login = """
    name: login
    runner_type: local-shell-cmd
    parameters:
      password: {type: string, secret: true}
      cmd: {default: "echo {{ password }}", immutable: true}
    """
    write(tmp_path, workflow("top", top) | {"actions/login.yaml": login})
    kit = Kit(tmp_path)
    step = kit.run("shop.top")
    assert step.children[0].result["stdout"] == "hunter2"
    assert kit.secrets.data(step.children[0].result)["stdout"] == "********"
