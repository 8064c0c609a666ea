"""`st2c compile`: what is written, where, and when nothing is."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from st2lang.commands.main import main
from st2lang.graph import from_text

GOOD = "version: 1.0\ntasks:\n  a:\n    action: core.noop\n"
BAD = "version: 1.0\ntasks:\n  a:\n    action: core.noop\n    next:\n      - do: 5\n"
CHAIN = "chain:\n  - name: a\n    ref: core.noop\n"


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with a workflow, a chain and their metadata, as the current folder."""
    monkeypatch.setenv("ST2C_CACHE_DIR", str(tmp_path / "cache"))
    top = tmp_path / "packs" / "demo"
    files = {
        "pack.yaml": "ref: demo\nname: demo\nversion: 1.0.0\nauthor: me\nemail: me@example.com\n",
        "actions/good.yaml": "name: good\nrunner_type: orquesta\nentry_point: workflows/good.yaml\n"
        "enabled: true\nparameters:\n  who:\n    type: string\n    description: Somebody.\n",
        "actions/workflows/good.yaml": GOOD.replace("tasks", "input: [who]\nvars:\n"
                                                    "  - said: <% ctx().who %>\n"
                                                    "output:\n  - said: <% ctx().said %>\ntasks"),
        "actions/chains/one.yaml": CHAIN,
    }  # fmt: skip
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(top)
    return top


def run(*arguments: str | Path) -> int:
    return main(["compile", *map(str, arguments)])


def test_a_file_to_the_standard_output(pack: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("actions/workflows/good.yaml") == 0
    out, err = capfd.readouterr()
    graph = from_text(out)
    assert (graph.name, graph.source, err) == ("demo.good", "actions/workflows/good.yaml", "")
    assert graph.parameters["who"] == {"type": "string"}
    assert graph.to_text() == out


def test_the_same_bytes_from_everywhere(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = pack / "actions/workflows/good.yaml"
    assert run("actions/workflows/good.yaml", "-o", pack / "1.json") == 0
    assert run("./actions/../actions/workflows/good.yaml", "-o", pack / "2.json") == 0
    monkeypatch.chdir(pack.parents[1])
    assert run(workflow, "-o", pack / "3.json", "--no-cache") == 0
    monkeypatch.chdir(workflow.parent)
    assert run("good.yaml", "-o", pack / "4.json") == 0
    assert len({(pack / f"{number}.json").read_bytes() for number in (1, 2, 3, 4)}) == 1


def test_outside_of_packs_the_path_is_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "here" / "sub" / "a.yaml").write_text(GOOD)
    for folder, name, source in (
        ("here", "sub/a.yaml", "sub/a.yaml"),
        ("here", tmp_path / "here" / "sub" / "a.yaml", "sub/a.yaml"),
        ("here/sub", "a.yaml", "a.yaml"),
    ):
        monkeypatch.chdir(tmp_path / folder)
        assert run(name, "--no-cache") == 0
        assert from_text(capfd.readouterr().out).source == source


def test_a_folder_to_a_folder(pack: Path, tmp_path: Path) -> None:
    target = tmp_path / "build"
    assert run(".", "-o", target) == 0
    written = sorted(p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file())
    assert written == ["actions/chains/one.json", "actions/workflows/good.json"]
    assert run("actions/workflows/good.yaml", "-o", target) == 0
    assert (target / "good.json").is_file()


def test_several_need_a_folder_and_names_of_their_own(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(".") == 2
    assert "several workflows need a folder to be written to: -o FOLDER" in capsys.readouterr().err
    (pack / "actions/chains/good.yaml").write_text(CHAIN)
    names = "actions/chains/good.yaml", "actions/workflows/good.yaml"
    assert run(*names, "-o", tmp_path / "build") == 2
    assert "would both be written to" in capsys.readouterr().err
    assert not (tmp_path / "build").exists()


def test_errors_are_shown_as_by_check_and_nothing_is_written(
    pack: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (pack / "bad.yaml").write_text(BAD)
    target = tmp_path / "out.json"
    target.write_text("before")
    assert run("bad.yaml", "-o", target, "--format", "concise") == 1
    out, err = capfd.readouterr()
    assert main(["check", "bad.yaml", "--format", "concise", "-q"]) == 1
    assert err.startswith(capfd.readouterr().out)
    assert err.endswith("st2c: not compiled because of errors in `bad.yaml`\n")
    assert out == ""
    assert target.read_text() == "before"
    assert run(".", "-o", tmp_path / "build") == 1
    assert not (tmp_path / "build").exists()
    assert list(tmp_path.glob(".st2c-*")) == []


def test_force_compiles_what_there_is(pack: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (pack / "bad.yaml").write_text(BAD)
    assert run("bad.yaml", "--force", "-q") == 0
    out, err = capfd.readouterr()
    assert list(from_text(out).tasks) == ["a"]
    assert "error" in err


def test_a_comment_that_silences_an_error_lets_it_compile(
    pack: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (
        "version: 1.0\nvars:\n  - a: <% ctx().b %>{}\noutput:\n  - a: <% ctx().a %>\n" + GOOD[13:]
    )
    (pack / "b.yaml").write_text(text.format(""))
    assert run("b.yaml") == 1
    (pack / "b.yaml").write_text(text.format("  # st2c: ignore[undefined-variable]"))
    assert run("b.yaml") == 0
    assert '"name": "b"' in capfd.readouterr().out


def test_warnings_are_shown_and_do_not_stop_it(
    pack: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (pack / "w.yaml").write_text(
        GOOD + "  loop:\n    action: core.noop\n    next:\n      - do: loop\n"
    )
    assert run("w.yaml") == 0
    assert "warning" in capfd.readouterr().err
    assert run("w.yaml", "--quiet") == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("actions/good.yaml", None, "is the metadata of an action, no workflow: its workflow is "
         "`actions/workflows/good.yaml`"),
        ("pack.yaml", None, "is the manifest of a pack, no workflow"),
        ("data.yaml", "a: 1\n", "is no workflow, as far as can be told; --kind says what it is"),
    ],
)  # fmt: skip
def test_what_is_no_workflow_is_refused(
    pack: Path, name: str, text: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (pack / name).write_text(text)
    assert run(name) == 2
    assert capsys.readouterr().err == f"st2c: error: `{name}` {message}\n"


def test_what_cannot_be_read_or_written(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nowhere.yaml") == 2
    assert "cannot be read" in capsys.readouterr().err
    (pack / "empty").mkdir()
    assert run("empty", "-o", "build") == 2
    assert "there is no workflow below `empty`" in capsys.readouterr().err
    assert run("actions/workflows/good.yaml", "-o", "pack.yaml/x.json") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_standard_input(
    pack: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def given(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given(GOOD)
    assert run("-") == 0
    assert json.loads(capfd.readouterr().out)["source"] == ""
    given((pack / "actions/workflows/good.yaml").read_text())
    assert run("-", "--stdin-filename", "actions/workflows/good.yaml") == 0
    assert json.loads(capfd.readouterr().out)["name"] == "demo.good"


def test_files_keep_their_permissions(pack: Path) -> None:
    target = pack / "out.json"
    target.write_text("")
    target.chmod(0o640)
    assert run("actions/workflows/good.yaml", "-o", target) == 0
    assert target.stat().st_mode & 0o777 == 0o640
    link = pack / "link.json"
    link.symlink_to(target)
    assert run("actions/chains/one.yaml", "-o", link) == 0
    assert link.is_symlink()
    assert from_text(target.read_text()).semantics == "action-chain"
