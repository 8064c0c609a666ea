"""Packs in several folders, and what happens to them outside the editor, with a real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp.wire import Wire

SHOWN = {"window": {"workDoneProgress": True}}
METADATA = """name: {name}
runner_type: local-shell-cmd
parameters:
  greeting: {{type: string}}
"""
WORKFLOW = """version: 1.0
tasks:
  first:
    action: far.greet greeting="hello"
"""
CREATED, CHANGED, DELETED = 1, 2, 3


def pack(folder: Path, name: str, *actions: str) -> Path:
    actions_folder = folder / name / "actions"
    (actions_folder / "workflows").mkdir(parents=True)
    (folder / name / "pack.yaml").write_text(f"ref: {name}\nname: {name}\nversion: 1.0.0\n")
    for action in actions:
        (actions_folder / f"{action}.yaml").write_text(METADATA.format(name=action))
    return folder / name


class Session:
    """A server for two folders with a pack each: `near` has the open workflow, `far` the action."""

    def __init__(self, wire: Wire, root: Path) -> None:
        self.wire, self.root = wire, root
        self.near, self.far = pack(root / "one", "near"), pack(root / "two", "far", "greet")
        self.action = self.far / "actions" / "greet.yaml"
        self.workflow = self.near / "actions" / "workflows" / "flow.yaml"
        self.uri = self.workflow.as_uri()

    def begin(self) -> list[str]:
        self.wire.begin([self.root / "one", self.root / "two"], SHOWN)
        self.wire.open(self.uri, WORKFLOW)
        return self.codes()

    def codes(self) -> list[str]:
        return [problem["code"] for problem in self.wire.published(self.uri)]

    def watched(self, *changes: tuple[Path, int]) -> None:
        told = [{"uri": path.as_uri(), "type": kind} for path, kind in changes]
        self.wire.notify("workspace/didChangeWatchedFiles", {"changes": told})


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    environment = {**os.environ, "ST2C_CACHE_DIR": str(tmp_path / "cache")}
    with Wire(env=environment) as wire:
        yield Session(wire, tmp_path)


def test_metadata_comes_and_goes(session: Session) -> None:
    session.action.unlink()
    assert session.begin() == ["unknown-action"]
    session.action.write_text(METADATA.format(name="greet"))
    session.watched((session.action, CREATED))
    assert session.codes() == []
    session.action.write_text(METADATA.format(name="greet").replace("greeting", "welcome"))
    session.watched((session.action, CHANGED))
    assert session.codes() == ["unknown-parameter"]
    other = session.action.with_name("other.yaml")
    session.action.rename(other)
    other.write_text(METADATA.format(name="other"))
    session.watched((session.action, DELETED), (other, CREATED))
    assert session.codes() == ["unknown-action"]


def test_what_the_editor_does_itself(session: Session) -> None:
    assert session.begin() == []
    moved = session.far.with_name("further")
    session.far.rename(moved)
    (moved / "pack.yaml").write_text("ref: further\nname: further\nversion: 1.0.0\n")
    files = [{"oldUri": session.far.as_uri(), "newUri": moved.as_uri()}]
    session.wire.notify("workspace/didRenameFiles", {"files": files})
    assert session.codes() == ["unknown-action"]
    pack(session.root / "two", "far", "greet")
    session.wire.notify("workspace/didCreateFiles", {"files": [{"uri": session.far.as_uri()}]})
    assert session.codes() == []
    shutil.rmtree(session.far)
    session.wire.notify("workspace/didDeleteFiles", {"files": [{"uri": session.far.as_uri()}]})
    assert session.codes() == ["unknown-action"]


def test_metadata_saved_in_the_editor(session: Session) -> None:
    session.begin()
    uri, text = (
        session.action.as_uri(),
        METADATA.format(name="greet").replace("greeting", "welcome"),
    )
    session.wire.open(uri, text)
    session.wire.published(uri, 1)
    session.action.write_text(text)
    session.wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert session.codes() == ["unknown-parameter"]


def test_a_pack_anew(session: Session) -> None:
    session.begin()
    (session.far / "pack.yaml").write_text("ref: afar\nname: afar\nversion: 1.0.0\n")
    session.watched((session.far / "pack.yaml", CHANGED))
    assert session.codes() == ["unknown-action"]


def test_folders_come_and_go(session: Session) -> None:
    session.begin()
    event: dict[str, Any] = {
        "added": [],
        "removed": [{"uri": (session.root / "two").as_uri(), "name": "two"}],
    }
    session.wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert session.codes() == ["unknown-action"]
    event["added"], event["removed"] = event["removed"], []
    session.wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert session.codes() == []


def test_configuration_comes_and_goes(session: Session) -> None:
    session.action.unlink()
    assert session.begin() == ["unknown-action"]
    config = session.root / "one" / "st2c.toml"
    config.write_text('ignore = ["unknown-action"]\n')
    session.watched((config, CREATED))
    assert session.codes() == []
    config.unlink()
    session.watched((config, DELETED))
    assert session.codes() == ["unknown-action"]


def test_pack_folders_from_settings(session: Session) -> None:
    shutil.move(session.root / "two", session.root / "elsewhere")
    (session.root / "two").mkdir()
    assert session.begin() == ["unknown-action"]
    settings = {"st2lang": {"packDirs": [str(session.root / "elsewhere")]}}
    session.wire.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert session.codes() == []


def test_entry_point_appears(session: Session) -> None:
    session.begin()
    text = METADATA.format(name="greet") + "entry_point: greet.sh\n"
    text = text.replace("local-shell-cmd", "local-shell-script")
    uri = session.action.as_uri()
    session.wire.open(uri, text)
    assert [p["code"] for p in session.wire.published(uri, 1)] == ["missing-entry-point"]
    script = session.action.with_suffix(".sh")
    script.write_text("echo hello\n")
    session.watched((script, CREATED))
    assert session.wire.published(uri, 1) == []


def test_asked_again_when_packs_change(session: Session) -> None:
    """An editor that asks for diagnostics is reminded."""
    session.action.unlink()
    capabilities = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    session.wire.begin([session.root / "one", session.root / "two"], capabilities)
    session.wire.open(session.uri, WORKFLOW)
    question = {"textDocument": {"uri": session.uri}}
    report = session.wire.ask("textDocument/diagnostic", question)
    assert [one["code"] for one in report["items"]] == ["unknown-action"]
    session.action.write_text(METADATA.format(name="greet"))
    session.wire.heard.clear()
    session.watched((session.action, CREATED))
    session.wire.until(lambda message: message.get("method") == "workspace/diagnostic/refresh")
    assert session.wire.ask("textDocument/diagnostic", question)["items"] == []


def test_progress_of_many_packs(session: Session) -> None:
    for number in range(12):
        pack(session.root / "two", f"pack_{number}", *(f"action_{at}" for at in range(5)))
    session.begin()
    wire = session.wire

    def kind(message: dict[str, Any]) -> str | None:
        if message.get("method") != "$/progress":
            return None
        return str(message["params"]["value"]["kind"])

    if "end" not in map(kind, wire.heard):
        wire.until(lambda message: kind(message) == "end")
    shown = [message["params"]["value"] for message in wire.heard if kind(message)]
    assert [one["kind"] for one in shown][:1] == ["begin"]
    percentages = [one["percentage"] for one in shown if one["kind"] == "report"]
    assert percentages == sorted(percentages)
    assert {one["message"] for one in shown if one["kind"] == "report"} >= {
        "near",
        "far",
        "pack_11",
    }
    assert list((session.root / "cache").glob("actions-*.json"))
