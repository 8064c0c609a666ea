"""`st2c eval`: at once, in batches, in a conversation."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from st2lang.commands.eval_prompt import candidates
from st2lang.commands.main import main


@pytest.fixture
def context(tmp_path: Path) -> str:
    path = tmp_path / "context.yaml"
    path.write_text("hosts: [web, db]\nname: é\nwhen: 2024-02-29\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["1 + 1"], 2),
        (["$.hosts.len()"], 2),
        (["$data.name"], "é"),
        (["ctx(name)"], "é"),
        (["<% ctx(hosts) %>"], ["web", "db"]),
        (["{{ ctx().hosts | first }}"], "web"),
        (["ctx().hosts | last", "--language", "jinja"], "db"),
        (["hosts | last", "--language", "chain"], "db"),
        (["{{ name }}!", "--language", "chain"], "é!"),
        (["at <% ctx(when) %>"], "at 2024-02-29"),
        (["$.when"], "2024-02-29"),
        (["set(b, a)"], ["a", "b"]),
        (["{b => 1, a => [2]}.items()"], [["b", 1], ["a", [2]]]),
        (["<% set(b, a) %>"], ["a", "b"]),
        (["<% set(2) %>!"], "{2}!"),
        (["timespan(hours => 1)"], "1:00:00"),
        (["plain"], "plain"),
    ],
)
def test_value(
    arguments: list[str], expected: object, context: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", *arguments, "--context", context]) == 0
    assert json.loads(capsys.readouterr().out) == expected


def test_an_error_is_underlined(context: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "one\nand <% ctx().hots %> two", "--context", context]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "error: there is no variable `hots`; there are `hosts`, `name` and `when`; did you mean `hosts`?\n"
        "  and <% ctx().hots %> two\n"
        "               ^^^^\n"
    )


def test_context_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": [1]}'))
    assert main(["eval", "$.a", "--context", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == [1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["1", "--context", "no/such/file"],
        ["1", "--batch", "x"],
        ["--context", "-"],
        ["1", "--language", "perl"],
        ["--batch", "no/such/file"],
    ],
)
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", *arguments]) == 2
    assert "error:" in capsys.readouterr().err


def test_a_context_that_is_no_yaml(tmp_path: Path) -> None:
    path = tmp_path / "context.yaml"
    path.write_text("a: [", encoding="utf-8")
    assert main(["eval", "1", "--context", str(path)]) == 2


def test_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"kind": "yaql", "expr": "$data.a + $.a", "data": {"a": 2}},
        {"kind": "orquesta", "expr": "é <% ctx(a) %>", "data": {"a": [1]}},
        {"kind": "orquesta", "expr": "{{ ctx().b }}", "data": {"a": 1}},
        {"kind": "chain", "expr": "{{ a }}", "data": {"a": 1}},
        {"kind": "yaql", "expr": "1 +", "data": None},
        {"kind": "yaql", "expr": "{1 => now() - now()}.keys()"},
    ]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert main(["eval", "--batch", str(path)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("value") for answer in answers] == [4, "é [1]", None, "1", None, [1]]
    assert ["error" in answer for answer in answers] == [False, False, True, False, True, False]


@pytest.mark.parametrize("line", ["{", "[]", '{"expr": 1}', '{"kind": "perl", "expr": "1"}'])
def test_a_line_that_is_no_request(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(f'{line}\n{{"kind": "yaql", "expr": "1"}}\n', encoding="utf-8")
    assert main(["eval", "--batch", str(path)]) == 2
    shown = capsys.readouterr()
    first, second = map(json.loads, shown.out.splitlines())
    assert "error" in first
    assert second == {"value": 1}
    assert "line 1:" in shown.err


def test_conversation_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, context: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1 + 1\n\n$.nope\n$.hosts[0]\n"))
    assert main(["eval", "--context", context]) == 1
    shown = capsys.readouterr()
    assert shown.out == '2  : integer\n"web"  : string\n'
    assert "there is no key `nope`" in shown.err


def test_completion() -> None:
    context = {"hosts": [], "host": {"name": "x"}, "__state": {}}
    words = [text for text, _ in candidates("$.ho", "ho", context, None)]
    assert words == ["hosts", "host"]
    assert ("toUpper", "function") in candidates("$.toU", "toU", context, None)
    assert ("upper", "filter") in candidates("{{ x | upp", "upp", context, None)
    assert ("name", "key") in candidates("$.host.na", "na", context, None)
    assert not candidates("$.__", "__", context, None)
