"""`st2c eval`: at once, in batches, in a conversation."""

from __future__ import annotations

import io
import json
import os
import re
import stat
from pathlib import Path

import pytest

from st2lang.commands.eval_complete import candidates
from st2lang.commands.eval_prompt import _completer, converse
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


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: [", "context.yaml:2:1: neither JSON nor YAML: did not find expected node content"),
        (b"a: !x 1", "could not determine a constructor for the tag '!x'"),
        (b"\xff", "it is no UTF-8 text"),
    ],
)
def test_a_context_that_cannot_be_read(
    data: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "context.yaml"
    path.write_bytes(data)
    assert main(["eval", "1", "--context", str(path)]) == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("expression", "data", "message"),
    [
        ("$.a", "a: &a [*a]", "the data are nested too deeply"),
        ("{{ ctx().a }}", "a: &a [*a]", "contains itself"),
        ("<% ctx(a) %>", "[1]", "the context is no dict"),
    ],
)
def test_data_that_cannot_be_used(
    expression: str, data: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "context.yaml"
    path.write_text(data, encoding="utf-8")
    assert main(["eval", expression, "--context", str(path)]) == 1
    assert message in capsys.readouterr().err


def test_deep_nesting_in_a_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = "[" * 900 + "]" * 900
    lines = [
        f'{{"kind": "yaql", "expr": "$", "data": {deep}}}',
        f'{{"kind": "orquesta", "expr": {deep}}}',
        f'{{"kind": "chain", "expr": {deep}}}',
        f'{{"kind": "orquesta", "expr": "<% ctx(a).select($) %>", "data": {{"a": {deep}}}}}',
        f'{{"kind": "orquesta", "expr": "{{{{ ctx().a }}}}", "data": {{"a": {deep}}}}}',
        f'{{"kind": "yaql", "expr": "{deep}"}}',
        f'{{"kind": "orquesta", "expr": "{{{{ {deep} }}}}"}}',
        f'{{"kind": "orquesta", "expr": "{{% if {deep} %}}{{% endif %}}"}}',
    ]
    answers = [json.loads(line) for line in _batch(lines, tmp_path, capsys)]
    assert len(answers) == len(lines)
    errors = [answer.get("error", "nested") for answer in answers]
    assert all("nested" in error for error in errors), errors


def test_a_key_that_cannot_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = {"kind": "orquesta", "expr": {"<% ctx(l) %>": 1}, "data": {"l": [1]}}
    (answer,) = _batch([json.dumps(line)], tmp_path, capsys)
    assert json.loads(answer) == {"error": "a list cannot be the key of a dict"}


def _batch(lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["eval", "--batch", str(path)]) == 0
    return capsys.readouterr().out.split("\n")[:-1]


def test_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"kind": "yaql", "expr": "$data.a + $.a", "data": {"a": 2}},
        {"kind": "orquesta", "expr": "é <% ctx(a) %>", "data": {"a": [1]}},
        {"kind": "orquesta", "expr": "{{ ctx().b }}", "data": {"a": 1}},
        {"kind": "chain", "expr": "{{ a }}", "data": {"a": 1}},
        {"kind": "yaql", "expr": "1 +", "data": None},
        {"kind": "yaql", "expr": "{1 => now() - now()}.keys()"},
        {"kind": "orquesta", "expr": {"<% ctx(a) %>": ["{{ ctx().a }}"]}, "data": {"a": 1}},
        {"kind": "orquesta", "expr": "<% 1 %>", "data": [1]},
        {"kind": "orquesta", "expr": "<% 1 %>", "data": None},
    ]
    answers = [json.loads(line) for line in _batch(list(map(json.dumps, lines)), tmp_path, capsys)]
    values = [4, "é [1]", None, "1", None, [1], {"1": [1]}, None, 1]
    assert [answer.get("value") for answer in answers] == values
    wrong = [2, 4, 7]
    assert [index for index, answer in enumerate(answers) if "error" in answer] == wrong


def test_batch_has_a_line_for_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "\u2028\x85\x0c\ud800é"
    lines = [
        '{"expr": "1"}',
        "",
        json.dumps({"expr": "$", "data": odd}),
        "  ",
        '{"expr": "2"}',
    ]
    out = _batch(lines, tmp_path, capsys)
    assert [json.loads(line)["value"] if line else None for line in out] == [1, None, odd, None, 2]
    assert all(line.isascii() and len(line.splitlines()) < 2 for line in out)


def test_batch_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"expr": "$ * 2", "data": 2}\n'))
    assert main(["eval", "--batch", "-"]) == 0
    assert capsys.readouterr().out == '{"value": 4}\n'


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"expr": 1}', '{"kind": "yaql"}', '{"kind": "perl", "expr": "1"}']
)
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


CONTEXT = {
    "hosts": [{"name": "a", "port": 1}, {"name": "b", "zone": "x"}],
    "host": {"name": "x", "tags": ["t"]},
    "odd-name": 1,
    "__state": {},
}


@pytest.mark.parametrize(
    ("before", "language", "expected"),
    [
        ("$.ho", None, ["hosts", "host"]),
        ("$data.ho", None, ["hosts", "host"]),
        ("$.host.na", None, ["name"]),
        ("$.hosts.na", None, ["name"]),
        ("$.hosts[1].z", None, ["zone"]),
        ("1 + $.host?.ta", None, ["tags"]),
        ("$.host.name.toU", None, ["toUpper"]),
        ("$.host.toU", None, []),
        ("$.host.tags.toU", None, []),
        ("$.host.tags.selectM", None, ["selectMany"]),
        ("nobody.knows.toU", None, ["toUpper"]),
        ("swit", None, ["switch"]),
        ("toU", None, []),
        ("$", None, ["$", "$data"]),
        ("$.__", None, []),
        ("ctx(ho", None, ["hosts", "host"]),
        ("<% ctx(host).na", None, ["name"]),
        ("<% ctx('ho", None, ["hosts", "host"]),
        ("{{ ctx().host.na", None, ["name"]),
        ("{{ ctx('host').na", None, ["name"]),
        ("{{ ctx().host | upp", None, ["upper"]),
        ("{{ ctx().host is mapp", None, ["mapping"]),
        ("{{ ctx().host is not mapp", None, ["mapping"]),
        ("ctx().host | to_js", "jinja", ["to_json_string"]),
        ("ho", "chain", ["hosts", "host"]),
        ("host.na", "chain", ["name"]),
        ("host | to_com", "chain", ["to_complex"]),
        ("<% $.x %> {{ ho", "chain", ["hosts", "host"]),
        ("1/0.", None, None),
        ("((.", None, None),
    ],
)
def test_completion(before: str, language: str | None, expected: list[str] | None) -> None:
    typed = re.search(r"[\w$]*$", before)
    assert typed is not None
    found = [text for text, _ in candidates(before, typed[0], CONTEXT, language)]
    assert found == expected or expected is None


def test_a_conversation_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("$.hosts[0].name + x\r\r$.hots\rhalf\x03$.hosts.len()\r\x04")
        assert converse(CONTEXT, None) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "There are `hosts`, `host` and `odd-name`; Tab completes, Ctrl-D ends.",
        '"ax"  : string',
        "2  : integer",
    ]
    assert "did you mean `hosts`?" in shown.err
    history = tmp_path / "st2lang" / "eval-history"
    assert "+$.hosts[0].name + x" in history.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_tab_completes_the_word_at_the_cursor() -> None:
    from prompt_toolkit.document import Document

    offered = list(_completer(CONTEXT, None).get_completions(Document("1 + $.ho"), None))  # type: ignore[arg-type]
    assert [(c.text, c.start_position, c.display_meta_text) for c in offered] == [
        ("hosts", -2, "key"),
        ("host", -2, "key"),
    ]


def test_a_long_line_is_shown_around_the_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", f"'{'x' * 300}' + $.nope + '{'y' * 300}'"]) == 1
    _, line, mark = capsys.readouterr().err.splitlines()
    assert len(line) <= 102
    assert line[mark.index("^") : mark.index("^") + 4] == "nope"
