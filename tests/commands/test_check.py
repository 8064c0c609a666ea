"""`st2c check` as people call it: some runs in processes of their own, most of them in this one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from st2lang.commands import work
from st2lang.commands.main import main
from st2lang.problem import Edit, Fix, Problem, Severity
from st2lang.source import Source, Span

CLEAN = "version: 1.0\ntasks:\n  one:\n    action: core.noop\n"
BAD = CLEAN + "    next:\n      - do: tow\n"


class Result(NamedTuple):
    code: int
    out: str
    err: str


Call = Callable[..., Result]


@pytest.fixture
def st2c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Call]:
    """Calls `st2c` in this process, in an empty folder, without colours and without a cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ST2C_CACHE_DIR", str(tmp_path / ".cache"))
    for name in ("NO_COLOR", "FORCE_COLOR", "ST2C_DEBUG", "ST2C_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str) -> Result:
        work.forget()
        code = main(arguments)
        return Result(code, *capsys.readouterr())

    yield call
    work.forget()


def process(*arguments: str, cwd: Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "st2lang.commands.main", *arguments],
        cwd=cwd,
        input=text,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "ST2C_CACHE_DIR": str(cwd / ".cache"), "ST2C_CONFIG": ""},
    )


def codes(result: Result) -> list[tuple[str, str]]:
    return [(row["file"], row["code"]) for row in json.loads(result.out)]


def write(path: str, text: str = BAD) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8", newline="")


def test_exit_codes_in_processes(tmp_path: Path) -> None:
    (tmp_path / "clean.yaml").write_text(CLEAN)
    (tmp_path / "bad.yaml").write_text(BAD)
    clean = process("check", "clean.yaml", cwd=tmp_path)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "No problems in 1 file.\n", "")
    bad = process("check", cwd=tmp_path)
    assert bad.returncode == 1
    assert bad.stdout.startswith("bad.yaml:6:13: error: ")
    assert "Found 1 error in 1 of 2 files." in bad.stdout
    wrong = process("check", "missing.yaml", "bad.yaml", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "missing.yaml:1:1: error: cannot be read: No such file" in wrong.stdout
    assert "bad.yaml:6:13" in wrong.stdout


def test_standard_input_in_a_process(tmp_path: Path) -> None:
    arguments = ("check", "--format", "json", "--stdin-filename", "packs/ä.yaml", "-")
    done = process(*arguments, cwd=tmp_path, text=BAD)
    assert done.returncode == 1
    (row,) = json.loads(done.stdout)
    assert (row["file"], row["line"], row["column"]) == ("packs/ä.yaml", 6, 13)
    assert row["path"] == "tasks.one.next[0].do"


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BAD.replace("tow", "tö"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "st2lang.commands.main", "check", "a.yaml"],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert "tö" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="no such pipes and signals on Windows")
def test_a_reader_that_goes_away_is_no_drama(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(BAD)
    read, written = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "st2lang.commands.main", "check", "a.yaml"]
    done = subprocess.run(command, cwd=tmp_path, stdout=written, stderr=subprocess.PIPE)
    os.close(written)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="no such pipes and signals on Windows")
def test_interrupting_is_quiet(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "st2lang.commands.main", "check", "--watch"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    said = iter(running.stderr.readline, "")
    assert any("watching" in line for line in said)
    # The watching begins a little after it is announced: change the file until it is seen.
    seen = threading.Event()

    def touch() -> None:
        while not seen.wait(0.1):
            (tmp_path / "a.yaml").write_text(BAD)

    toucher = threading.Thread(target=touch)
    toucher.start()
    try:
        assert "changed: a.yaml" in next(said)
    finally:
        seen.set()
        toucher.join()
        running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Traceback" not in err


def test_folders_named_files_and_order(st2c: Call) -> None:
    write("b/x.yaml")
    write("a.yaml")
    write(".gitignore", "ignored/\n")
    write("ignored/y.yaml")
    assert codes(st2c("check", "--format", "json")) == [
        ("a.yaml", "undefined-task"),
        ("b/x.yaml", "undefined-task"),
    ]
    named = st2c("check", "--format", "json", "./ignored/y.yaml", str(Path("a.yaml").resolve()))
    assert [file for file, _ in codes(named)] == ["ignored/y.yaml", "a.yaml"]


def test_several_processes_give_the_same(st2c: Call) -> None:
    for number in range(12):
        write(f"{number:02}.yaml", CLEAN if number % 3 else BAD)
    write("odd.yaml", "tasks: [\n")
    one = st2c("check", "--jobs", "1", "--kind", "orquesta", "missing.yaml", ".")
    two = st2c("check", "--jobs", "2", "--kind", "orquesta", "missing.yaml", ".")
    assert one == two
    assert one.code == 2


def test_select_ignore_and_severity(st2c: Call) -> None:
    write("a.yaml", BAD + "vars:\n  - unused: 1\n")
    assert codes(st2c("check", "--format", "json")) == [
        ("a.yaml", "undefined-task"),
        ("a.yaml", "unused-variable"),
    ]
    for arguments, expected in (
        (["--select", "undefined-*"], ["undefined-task"]),
        (["--ignore", "undefined-task,yaml-*"], ["unused-variable"]),
        (["--severity", "error"], ["undefined-task"]),
        (["--select", "*", "--ignore", "*"], []),
    ):
        result = st2c("check", "--format", "json", *arguments)
        assert [code for _, code in codes(result)] == expected
        assert result.code == (1 if expected else 0)


def test_what_fails_a_run(st2c: Call) -> None:
    write("a.yaml", CLEAN + "vars:\n  - unused: 1\n")
    assert st2c("check").code == 1
    assert st2c("check", "--fail-on", "error").code == 0
    assert st2c("check", "--exit-zero").code == 0
    write("st2c.toml", '[severity]\nunused-variable = "info"\n')
    shown = st2c("check")
    assert shown.code == 0
    assert "Found 1 info in 1 of 1 file." in shown.out
    assert st2c("check", "--exit-zero", "missing.yaml").code == 2


def test_configuration_counts_and_arguments_win(
    st2c: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a/x.yaml")
    write("b/x.yaml")
    write("c/x.yaml")
    write(
        "pyproject.toml",
        '[tool.st2c]\nformat = "json"\nexclude = ["/a/"]\n'
        'per-file-ignores = { "b/*.yaml" = ["undefined-*"] }\n',
    )
    assert codes(st2c("check")) == [("c/x.yaml", "undefined-task")]
    assert st2c("check", "--format", "concise").out.startswith("c/x.yaml:6:13: error:")
    assert len(codes(st2c("check", "--no-config", "--format", "json"))) == 3
    write("other.toml", 'ignore = ["undefined-task"]\nformat = "json"\n')
    assert codes(st2c("check", "--config", "other.toml")) == []
    monkeypatch.setenv("ST2C_CONFIG", "other.toml")
    assert codes(st2c("check")) == []
    assert len(codes(st2c("check", "--config", "other.toml", "--select", "undefined-task"))) == 3


def test_mistakes_in_the_configuration(st2c: Call) -> None:
    write("st2c.toml", 'selekt = []\nignore = ["undefind-task"]\n')
    result = st2c("check")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines() == [
        "st2c.toml:1:1: error: unknown key `selekt`; did you mean `select`? [invalid-config]",
        "st2c.toml:2:11: error: unknown check `undefind-task`; did you mean `undefined-task`? "
        "[invalid-config]",
    ]
    assert st2c("check", "--config", "missing.toml").code == 2


def test_context_variables_of_the_configuration(st2c: Call) -> None:
    write("a.yaml", CLEAN + "output:\n  - x: <% [ctx().st2.user, ctx().parent.user] %>\n")
    assert codes(st2c("check", "--format", "json")) == []
    write("st2c.toml", "context-variables = []")
    assert codes(st2c("check", "--format", "json")) == [("a.yaml", "undefined-variable")] * 2
    Path("st2c.toml").unlink()
    write("a.yaml", CLEAN + "output:\n  - x: <% ctx().mine %>\n")
    assert codes(st2c("check", "--format", "json")) == [("a.yaml", "undefined-variable")]
    write("st2c.toml", 'context-variables = ["mine"]\n')
    assert codes(st2c("check", "--format", "json")) == []


def test_comments_silence_and_are_cleaned_up(st2c: Call) -> None:
    silenced = BAD.replace("tow\n", "tow  # st2c: ignore[undefined-task] soon\n")
    write("a.yaml", silenced)
    assert st2c("check").code == 0
    write("a.yaml", silenced.replace("tow", "one").replace("one  #", "fail  #"))
    assert codes(st2c("check", "--format", "json")) == [("a.yaml", "unused-ignore")]
    assert st2c("check", "--fix").code == 0
    assert Path("a.yaml").read_text() == BAD.replace("tow", "fail")


@pytest.fixture
def tabs_are_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """An analysis with one check: `BAD` is wrong, and a safe fix writes `GOOD`."""
    from st2lang import analysis

    real = analysis.analyse

    def analyse(source: Source, **options: object) -> analysis.Analysis:
        found = []
        at = source.text.find("BAD")
        while at >= 0:
            span = Span(at, at + 3)
            fix = Fix("write GOOD", (Edit(span, "GOOD"),))
            found.append(Problem("unknown-key", Severity.ERROR, "BAD is bad", span, fix=fix))
            at = source.text.find("BAD", at + 3)
        document = real(Source(source.path, CLEAN)).document
        return analysis.Analysis(document, tuple(found))

    monkeypatch.setattr(analysis, "analyse", analyse)


@pytest.mark.usefixtures("tabs_are_bad")
def test_fix_changes_only_what_it_must(st2c: Call) -> None:
    before = "\ufeff# BAD\r\na:\t'BAD'  # kept\r\n\r\nb : 界"
    write("a.yaml", before)
    shown = st2c("check", "a.yaml")
    assert "2 fixable with `--fix`." in shown.out
    diff = st2c("check", "--diff", "a.yaml")
    assert diff.code == 1
    assert diff.out.startswith("--- a/a.yaml\n+++ b/a.yaml\n@@ ")
    assert "+# GOOD" in diff.out
    assert Path("a.yaml").read_bytes() == before.encode()
    assert st2c("check", "--fix", "a.yaml") == (0, "No problems in 1 file.\n", "")
    assert Path("a.yaml").read_bytes() == before.replace("BAD", "GOOD").encode()
    assert st2c("check", "--diff", "a.yaml") == (0, "", "")


@pytest.mark.usefixtures("tabs_are_bad")
def test_a_file_that_cannot_be_fixed_faithfully_is_left_alone(st2c: Call) -> None:
    data = "a: BAD".encode("utf-16")
    Path("a.yaml").write_bytes(data)
    assert st2c("check", "--fix", "a.yaml").code == 1
    assert Path("a.yaml").read_bytes() == data


def test_fixing_standard_input_prints_the_text(tmp_path: Path) -> None:
    text = CLEAN + "# st2c: ignore[undefined-task]\n"
    fixed = process("check", "--fix", "-", cwd=tmp_path, text=text)
    assert (fixed.returncode, fixed.stdout) == (0, CLEAN)
    assert fixed.stderr == "No problems in 1 file.\n"


def test_a_bug_in_one_file_costs_no_other(st2c: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from st2lang import analysis

    real = analysis.analyse

    def broken(source: Source, **options: object) -> analysis.Analysis:
        if source.path == "b.yaml":
            raise KeyError("tasks")
        return real(source, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(analysis, "analyse", broken)
    write("a.yaml")
    write("b.yaml")
    result = st2c("check", "--format", "json")
    assert result.code == 2
    assert codes(result) == [("a.yaml", "undefined-task"), ("b.yaml", "internal-error")]
    assert "KeyError: 'tasks' (test_check.py:" in json.loads(result.out)[1]["message"]
    assert "Traceback" not in result.err
    monkeypatch.setenv("ST2C_DEBUG", "1")
    assert "Traceback" in st2c("check").err


def test_notices(st2c: Call) -> None:
    assert "no YAML files to check in ." in st2c("check").err
    write("a.yaml", "just: data\n")
    assert "neither a workflow" in st2c("check", "a.yaml").err
    assert st2c("check", "--quiet", "a.yaml") == (0, "", "")
    assert st2c("check", ".").err == ""


def test_statistics(st2c: Call) -> None:
    write("a.yaml")
    assert "     1  error    undefined-task" in st2c("check", "--statistics").out
    machine = st2c("check", "--statistics", "--format", "json")
    assert "undefined-task" in machine.err
    assert codes(machine) == [("a.yaml", "undefined-task")]


def test_colours(st2c: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.yaml")
    assert "\x1b[" not in st2c("check").out
    assert "\x1b[" in st2c("check", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in st2c("check").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in st2c("check").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "unknown command `chek`; did you mean `check`?"),
        (["--versoin"], "unknown option `--versoin`; did you mean `--version`?"),
        (["check", "--fromat", "json"], "unknown option `--fromat`; did you mean `--format`?"),
        (["check", "--format", "jsno"], "`jsno` is not one of"),
        (["check", "--jobs", "0"], "`0` is not a whole number from 1 on"),
        (["check", "--select", "undefned-task"], "did you mean `undefined-task`?"),
        (["check", "--ignore", "zzz-*"], "the pattern `zzz-*` matches no check"),
        (["check", "--pack-dir", "nowhere"], "there is no folder `nowhere`"),
        (["check", "-", "a.yaml"], "cannot be checked together with other paths"),
        (["check", "--stdin-filename", "a.yaml"], "--stdin-filename needs `-`"),
        (["check", "--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
        (["check", "--fix", "--diff"], "--diff changes nothing"),
        (["check", "--watch", "-"], "--watch needs files or folders"),
        (["explain", "undefined-tsk"], "did you mean `undefined-task`?"),
        (["completion", "bsh"], "did you mean `bash`?"),
    ],
)
def test_wrong_use(st2c: Call, arguments: list[str], message: str) -> None:
    result = st2c(*arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_help_and_version(st2c: Call) -> None:
    assert st2c("--version").out.startswith("st2c 0.")
    overview = st2c("--help")
    assert overview.code == 0
    assert "check        find mistakes" in overview.out
    assert "examples:" in overview.out
    assert st2c("help", "check").out == st2c("check", "--help").out
    assert st2c().code == 2
