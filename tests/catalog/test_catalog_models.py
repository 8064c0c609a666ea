"""Models over metadata, built-in data, and how an action's parameters go over its runner's."""

from __future__ import annotations

from st2lang.catalog import builtin
from st2lang.catalog.models import Parameter
from st2lang.catalog.read import locate, read_action, read_pack

SHELL = """\
name: shell
pack: mine
runner_type: remote-shell-cmd
parameters:
  hosts:
    default: localhost
  sudo: {immutable: true, default: true}
  dir: {immutable: false}
  dry_run: {type: boolean, required: true}
  list: [1]
output_schema: {type: string}
"""


def test_parameters_of_action_and_runner_are_merged() -> None:
    action = read_action(SHELL)
    merged = action.all_parameters
    assert list(merged)[:5] == ["hosts", "sudo", "dir", "dry_run", "list"]
    assert merged["hosts"].required
    assert merged["hosts"].types == ("string",)
    assert not merged["hosts"].must_be_given
    assert merged["sudo"].immutable
    assert merged["dir"].immutable, "what the runner fixes stays fixed"
    assert merged["dry_run"].must_be_given
    assert merged["list"] == Parameter("list", {})
    assert merged["password"].secret
    assert not merged["cmd"].has_default


def test_an_action_without_a_known_runner_has_its_own_parameters_only() -> None:
    action = read_action("name: x\nrunner_type: made-up\nparameters: {a: {type: string}}")
    assert action.runner is None
    assert list(action.all_parameters) == ["a"]


def test_names_come_from_the_file_when_the_text_has_none() -> None:
    assert read_action("runner_type: noop", "p", "/x/actions/go.meta.yaml").ref == "p.go"
    assert read_action("", "", "").ref == "default."
    assert read_action("name: 5\npack: [x]", "", "C:\\p\\actions\\go.yml").ref == "default.go"


def test_the_ref_of_a_pack() -> None:
    assert read_pack("ref: a\nname: b", "/packs/c").ref == "a"
    assert read_pack("name: b", "/packs/c/").ref == "c"
    assert read_pack("name: b", "/packs/stackstorm-c").ref == "b"
    assert read_pack("name: B b", "/packs/stackstorm-c").ref == "stackstorm-c"
    assert read_pack("ref: a\nversion: 0.10").version == "0.1"


def test_places_in_metadata() -> None:
    def word(*path: str | int) -> str | None:
        span = locate(SHELL, path)
        return None if span is None else SHELL[span.start : span.end]

    assert word("parameters", "sudo", "immutable") == "immutable"
    assert word("parameters", "list", 0) == "1"
    assert word("parameters", "list", 1) is None
    assert word("parameters", "nothing") is None
    assert word("name", "deeper") is None
    assert locate("", ()) is None


def test_built_in_actions() -> None:
    local = builtin.action("core.local")
    assert local is not None
    assert local.all_parameters["cmd"].must_be_given
    assert local.all_parameters["sudo"].immutable
    assert local.all_parameters["sudo_password"].secret
    http = builtin.action("core.http")
    assert http is not None
    assert http.all_parameters["url"].must_be_given
    assert "GET" in (http.all_parameters["method"].enum or ())
    assert http.runner is not None
    assert http.runner.output["status_code"] == ("integer",)
    assert builtin.action("core.nothing") is None
    assert {p.ref for p in builtin.packs()} == {"core", "chatops", "packs", "linux"}


def test_every_built_in_action_has_a_runner_that_is_still_there() -> None:
    for ref in builtin.action_refs():
        action = builtin.action(ref)
        assert action is not None
        assert action.runner is not None, ref
        assert not action.runner.removed, ref


def test_runners() -> None:
    shell = builtin.runner("local-shell-cmd")
    assert shell is not None
    assert set(shell.output) == {"succeeded", "failed", "stdout", "stderr", "return_code"}
    assert shell.output["return_code"] == ("integer",)
    assert builtin.runner("run-local") == shell
    assert builtin.runner("http-runner") == builtin.runner("http-request")
    remote = builtin.runner("remote-shell-script")
    assert remote is not None
    assert remote.keyed_by == "host"
    assert builtin.runner("nothing") is None
    assert "mistral-v2" not in builtin.runner_names()
    mistral = builtin.runner("mistral-v2")
    assert mistral is not None
    assert mistral.removed
