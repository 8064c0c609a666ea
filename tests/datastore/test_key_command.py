"""`st2c key`: what people type, see and get as exit codes; secrets stay masked."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import yaml
from st2runtime.datastore import MASK, Datastore, default_path

from st2lang.commands.main import main

Capture = pytest.CaptureFixture[str]


class Stdin(io.TextIOWrapper):
    """A standard input of these bytes."""

    def __init__(self, content: bytes, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def key(capture: Capture, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `st2c key …`."""
    code = main(["key", *arguments])
    found = capture.readouterr()
    return code, found.out, found.err


def test_set_get_list_delete(capsys: Capture) -> None:
    assert key(capsys, "set", "region", "eu") == (0, "set `region` of the system\n", "")
    assert key(capsys, "get", "region") == (0, "eu\n", "")
    assert key(capsys, "set", "region", "us", "-s", "user", "-u", "ada")[0] == 0
    assert key(capsys, "get", "region", "--scope", "user", "--user", "ada")[1] == "us\n"
    assert key(capsys, "list") == (0, "region\teu\tsystem\nregion\tus\tuser\tada\n", "")
    assert key(capsys, "list", "--scope", "user")[1] == ""
    assert key(capsys, "list", "--scope", "user", "-u", "ada")[1] == "region\tus\tuser\tada\n"
    assert key(capsys, "delete", "region") == (0, "deleted `region` of the system\n", "")
    assert key(capsys, "delete", "region")[0] == 1


@pytest.mark.parametrize("verb", ["get", "delete"])
def test_a_key_that_there_is_not(capsys: Capture, verb: str) -> None:
    assert key(capsys, verb, "region") == (1, "", "st2c: there is no key `region` of the system\n")
    assert not default_path().exists()
    key(capsys, "set", "region", "eu")
    key(capsys, "set", "x", "eu", "--scope", "user")
    assert "did you mean `region`?" in key(capsys, verb, "regoin")[2]
    assert "there is one with --scope user" in key(capsys, verb, "x")[2]
    code, _, error = key(capsys, verb, "region", "--scope", "user", "--user", "ada")
    assert (code, error[:49]) == (1, "st2c: there is no key `region` of the user `ada`;")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["gt"], "there is no command `gt`"),
        (["gt"], "did you mean `get`?"),
        (["get"], "the following arguments are required: NAME"),
        (["set", "a", "b", "--scope", "usr"], "`usr` is not one of `system` or `user`"),
        (["get", "a", "--scope", "all"], "`all` is not one of"),
        (["set", "a", "b", "--ttl", "0"], "`0` is not a whole number from 1 on"),
        (["set", "a", "b", "--ttl", "9999999999"], "a time to live is a number of seconds"),
        (["set", "a", "b", "--user", "ada"], "--user goes with --scope user"),
        (["set", "a", "b", "--scope", "user", "--user", ""], "needs the name of a user"),
        (["set", "", "b"], "the name of a key is empty"),
        (["list", "--limit", "0"], "`0` is not a whole number"),
        (["list", "--format", "xml"], "`xml` is not one of"),
        (["load", "nowhere.yaml"], "cannot read `nowhere.yaml`: No such file"),
        (["load", "."], "cannot read `.`: Is a directory"),
    ],
)
def test_wrong_use(capsys: Capture, arguments: list[str], message: str) -> None:
    code, out, error = key(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in error
    assert not default_path().exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["hunter2", "hunter2"],
        ["-xhunter2"],
        ["--hunter2=hunter2"],
        ["v", "--encrpyt=hunter2"],
        ["\udcffhunter2"],
        ["{hunter2", "--convert"],
        ["a: b: hunter2", "--convert"],
        ["2024-01-01 # hunter2", "--convert"],
    ],
)
def test_a_mistake_does_not_repeat_the_value(capsys: Capture, arguments: list[str]) -> None:
    code, out, error = key(capsys, "set", "token", *arguments)
    assert (code, out) == (2, "")
    assert error
    assert "hunter2" not in error


def test_a_mistake_in_an_option_is_recognised(capsys: Capture) -> None:
    error = key(capsys, "set", "token", "v", "--encrpyt")[2]
    assert "unknown option `--encrpyt`; did you mean `--encrypt`?" in error
    assert key(capsys, "set", "--", "token", "-v")[0] == 0
    assert key(capsys, "get", "token")[1] == "-v\n"


@pytest.mark.parametrize("option", ["-e", "--encrypt", "--secret"])
def test_secrets_are_masked(capsys: Capture, option: str) -> None:
    code, out, error = key(capsys, "set", "token", "hunter2", option)
    assert (code, out, error) == (0, "set `token` of the system, encrypted\n", "")
    assert key(capsys, "get", "token") == (
        0,
        f"{MASK}\n",
        "st2c: it is a secret: --decrypt shows it\n",
    )
    for style in ("text", "json", "yaml"):
        for command in (["get", "token"], ["list"], ["set", "token", "hunter2", "-e"]):
            code, out, error = key(capsys, *command, "--format", style)
            assert code == 0
            assert "hunter2" not in out + error
    assert key(capsys, "get", "token", "--decrypt") == (0, "hunter2\n", "")
    assert key(capsys, "list", "-d")[1] == "token\thunter2\tsystem\n"
    assert "hunter2" not in key(capsys, "delete", "token", "--format", "json")[1]


def test_a_secret_that_is_none_any_more(capsys: Capture) -> None:
    key(capsys, "set", "token", "hunter2", "-e")
    code, _, error = key(capsys, "set", "token", "hunter3")
    assert (code, "it was a secret and its new value is not" in error) == (0, True)


def test_trouble_with_the_key_file(capsys: Capture) -> None:
    key(capsys, "set", "token", "hunter2", "-e")
    file = default_path().with_name(default_path().name + ".key")
    file.rename(file.with_name("away"))
    code, out, error = key(capsys, "get", "token", "--decrypt")
    assert (code, out) == (2, "")
    assert error.startswith(f"st2c: error: the key file `{file}` is missing")
    file.write_text("hunter2")
    file.chmod(0o600)
    code, _, error = key(capsys, "list", "--decrypt")
    assert (code, "is no key file" in error, "hunter2" in error) == (2, True, False)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"v\n", "v"),
        (b"v", "v"),
        (b"v\r\n", "v"),
        (b"v\n\n", "v\n"),
        (b"a\r\nb\x00\r", "a\r\nb\x00\r"),
        (b"", ""),
        ("é\u2028".encode(), "é\u2028"),
    ],
)
def test_a_value_from_the_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, content: bytes, value: str
) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(content))
    assert key(capsys, "set", "k", "-")[0] == 0
    assert json.loads(key(capsys, "get", "k", "--format", "json")[1])["value"] == value
    assert yaml.safe_load(key(capsys, "get", "k", "--format", "yaml")[1])["value"] == value


def test_a_standard_input_that_is_no_text(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Stdin(b"\xff"))
    code, _, error = key(capsys, "set", "k", "-")
    assert (code, error) == (
        2,
        "st2c: error: the standard input is not text: it has bytes that are no UTF-8\n",
    )


def test_a_person_is_asked_without_showing(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr("sys.stdin", Stdin(b"", terminal=True))
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or "hunter2")
    assert key(capsys, "set", "token", "-", "-e")[0] == 0
    assert asked == ["value of `token`: "]
    assert key(capsys, "get", "token", "-d")[1] == "hunter2\n"


@pytest.mark.parametrize(
    ("given", "value"),
    [("[a, 1]", '["a", 1]'), ('{"a": null}', '{"a": null}'), ("5", "5"), ("text", "text")],
)
def test_converting(capsys: Capture, given: str, value: str) -> None:
    assert key(capsys, "set", "k", given, "--convert")[0] == 0
    assert key(capsys, "get", "k")[1] == f"{value}\n"


def test_limits_are_said(capsys: Capture) -> None:
    for name in "abc":
        key(capsys, "set", name, name)
    code, out, error = key(capsys, "list", "--limit", "2")
    assert (code, len(out.splitlines())) == (0, 2)
    assert error == "st2c: there are more: raise --limit to see them\n"
    assert key(capsys, "list", "--limit", "3")[2] == ""
    assert key(capsys, "list", "--prefix", "b")[1] == "b\tb\tsystem\n"


def test_a_line_is_a_line(capsys: Capture) -> None:
    key(capsys, "set", "a\tb", "1\n2\x1b[31m")
    (line,) = key(capsys, "list")[1].splitlines()
    assert line == "a␉b\t1␊2␛[31m\tsystem"
    assert key(capsys, "get", "a\tb")[1] == "1\n2\x1b[31m\n"
    assert "\x1b" not in key(capsys, "get", "x\x1b[31m")[2]


@pytest.mark.parametrize("style", ["json", "yaml"])
def test_what_is_listed_can_be_loaded(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    key(capsys, "set", "a", "1\n2", "--ttl", "1000")
    key(capsys, "set", "token", "hunter2", "-e", "-s", "user", "-u", "ada")
    masked = tmp_path / "masked"
    masked.write_text(key(capsys, "list", "--format", style)[1], encoding="utf-8")
    code, _, error = key(capsys, "load", str(masked))
    assert (code, "item 2 (`token`): the value is masked" in error) == (2, True)

    listed = key(capsys, "list", "--format", style, "--decrypt")[1]
    (tmp_path / "clear").write_text(listed, encoding="utf-8")
    monkeypatch.setenv("ST2C_DATASTORE", str(tmp_path / "second.db"))
    code, out, _ = key(capsys, "load", str(tmp_path / "clear"))
    assert code == 0
    assert [line.split(",")[0] for line in out.splitlines()] == [
        "set `a` of the system",
        "set `token` of the user `ada`",
    ]
    assert key(capsys, "list", "--format", style, "--decrypt")[1] == listed


def test_a_file_with_mistakes_changes_nothing(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text("- {name: a, value: b}\n- {name: n, value: 5}\n- {value: hunter2}\n")
    assert key(capsys, "load", str(file)) == (
        2,
        "",
        f"st2c: error: `{file}` cannot be loaded, nothing was changed:\n"
        "  item 2 (`n`): the value is not a text: put it in quotes, or let `--convert` make it JSON\n"
        "  item 3: `name` is missing\n",
    )
    assert not default_path().exists()
    file.write_text("\ufeff- {name: a, value: b}\n- {name: n, value: 5, scope: user}\n")
    assert key(capsys, "load", str(file), "--convert", "--user", "ada")[0] == 0
    assert key(capsys, "list")[1] == "a\tb\tsystem\nn\t5\tuser\tada\n"
    monkeypatch.setattr("sys.stdin", Stdin(b'[{"name": "p", "value": "q"}]'))
    assert key(capsys, "load", "-") == (0, "set `p` of the system\n", "")
    monkeypatch.setattr("sys.stdin", Stdin(b""))
    assert key(capsys, "load", "-") == (0, "", "st2c: there are no keys in it\n")


def test_another_file(capsys: Capture, tmp_path: Path) -> None:
    other = tmp_path / "a folder" / "other.db"
    assert key(capsys, "set", "a", "1", "--datastore", str(other))[0] == 0
    assert key(capsys, "get", "a")[0] == 1
    with Datastore(other) as store:
        assert store.lookup("system.a") == "1"
    other.with_name("text").write_text("hello")
    code, _, error = key(capsys, "list", "--datastore", str(other.with_name("text")))
    assert (code, "is not a datastore but some other file" in error) == (2, True)
