"""Finding packs and actions, from the place of a workflow outwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from st2lang.catalog.discover import Catalog
from st2lang.catalog.folder import PackFolder
from st2lang.catalog.models import Action

HERE = Path(__file__).parent
WORKSPACE = HERE / "workspace"
DEPLOY = str(WORKSPACE / "alpha" / "actions" / "workflows" / "deploy.yaml")


@pytest.fixture
def catalog() -> Catalog:
    return Catalog(installed=None)


def name_of(action: Action | None) -> str | None:
    return None if action is None else f"{action.ref} {Path(action.path).name}"


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("alpha.deploy", "alpha.deploy deploy.yaml"),
        ("alpha.run", "alpha.run a_file_of_another_name.yml"),
        ("alpha.install", "alpha.install install.meta.yaml"),
        ("alpha.old", "alpha.old old.json"),
        ("alpha.a_file_of_another_name", None),
        ("alpha.not_an_action", None),
        ("beta.ping", "beta.ping ping.yaml"),
        ("stackstorm-beta.ping", None),
        ("gamma_folder.go", "gamma_folder.go go.yaml"),
        ("gamma.go", None),
        ("broken.half", "broken.half half.yaml"),
        ("core.echo", "core.echo "),
        ("delta.dig", None),
        ("nowhere.to", None),
        ("../alpha.deploy", None),
        ("..", None),
        ("alpha.", None),
        (".deploy", None),
        ("alpha", None),
        ("", None),
        ("alpha.deploy.more", None),
        ("al\0pha.x", None),
    ],
)
def test_from_a_workflow_the_packs_beside_it_are_known(
    catalog: Catalog, ref: str, found: str | None
) -> None:
    action = catalog.near(DEPLOY).find_action(ref)
    assert name_of(action) == (f"{ref} " if found and found.endswith(" ") else found)


def test_without_a_place_only_what_is_built_in_is_known(catalog: Catalog) -> None:
    assert catalog.find_action("alpha.deploy") is None
    assert catalog.find_action("core.local") is not None
    assert catalog.pack("alpha") is None
    assert catalog.home is None


def test_looking_elsewhere_changes_no_answer(catalog: Catalog, tmp_path: Path) -> None:
    elsewhere = catalog.near(str(tmp_path / "x.yaml"))
    assert elsewhere.find_action("alpha.deploy") is None
    assert catalog.near(DEPLOY).find_action("alpha.deploy") is not None
    assert elsewhere.find_action("alpha.deploy") is None


def test_known_packs(catalog: Catalog) -> None:
    near = catalog.near(DEPLOY)
    assert near.home is not None
    assert near.home.ref == "alpha"
    refs = [pack.ref for pack in near.packs()]
    assert refs == ["alpha", "broken", "gamma_folder", "beta", "core", "chatops", "packs", "linux"]
    beta = near.pack("beta")
    assert beta is not None
    assert (beta.name, beta.version) == ("Beta things", "0.3")
    assert near.pack("loose") is None, "a folder without pack.yaml is no pack to its neighbours"


def test_pack_dirs_and_roots() -> None:
    by_folder = Catalog(pack_dirs=[str(WORKSPACE)], installed=None)
    assert by_folder.find_action("beta.ping") is not None
    assert by_folder.find_action("delta.dig") is None
    searched = Catalog(roots=[str(WORKSPACE)], installed=None)
    assert searched.find_action("beta.ping") is not None
    assert searched.find_action("delta.dig") is not None
    assert Catalog(pack_dirs=["/does/not/exist"], installed=None).packs()


def test_the_nearer_pack_wins(tmp_path: Path) -> None:
    for place, runner in (("mine", "noop"), ("theirs", "inquirer")):
        for pack in ("core", "tool"):
            actions = tmp_path / place / pack / "actions"
            actions.mkdir(parents=True)
            (tmp_path / place / pack / "pack.yaml").write_text(f"ref: {pack}\n", encoding="utf-8")
            text = f"name: echo\nrunner_type: {runner}\n"
            (actions / "echo.yaml").write_text(text, encoding="utf-8")
    catalog = Catalog(pack_dirs=[str(tmp_path / "theirs")], installed=None)
    mine = catalog.near(str(tmp_path / "mine" / "tool" / "actions" / "workflows" / "w.yaml"))

    def runner_of(view: Catalog, ref: str) -> str:
        action = view.find_action(ref)
        return action.runner_type if action else ""

    assert runner_of(mine, "core.echo") == "noop"
    assert runner_of(catalog, "core.echo") == "inquirer"
    assert runner_of(catalog, "core.local") == "local-shell-cmd", "what it lacks is built in"
    assert {a.runner_type for a in mine.actions("tool")} == {"noop"}


def test_the_metadata_of_a_workflow(catalog: Catalog) -> None:
    assert [a.ref for a in catalog.metadata_for(DEPLOY)] == ["alpha.deploy", "alpha.deploy_quickly"]
    script = WORKSPACE / "alpha" / "actions" / "install.py"
    assert [a.ref for a in catalog.metadata_for(str(script))] == ["alpha.install"]
    assert catalog.metadata_for(str(WORKSPACE / "alpha" / "deploy.yaml")) == ()
    assert catalog.metadata_for("/nowhere/at/all.yaml") == ()


def test_a_folder_without_manifest(catalog: Catalog) -> None:
    workflow = str(WORKSPACE / "loose" / "actions" / "workflows" / "task.yaml")
    (action,) = catalog.metadata_for(workflow)
    assert (action.ref, action.runner_type) == ("named_elsewhere.task", "action-chain")
    near = catalog.near(workflow)
    assert near.find_action("named_elsewhere.task") == action
    assert near.find_action("loose.plain") is not None
    assert near.find_action("loose.task") is None


def test_broken_metadata_is_read_as_far_as_it_goes(catalog: Catalog) -> None:
    half = catalog.near(DEPLOY).find_action("broken.half")
    assert half is not None
    assert half.parameters["good"].must_be_given
    assert half.parameters["odd"].types == ()


@pytest.mark.parametrize(
    ("ref", "suggested"),
    [
        ("alpha.deplyo", "alpha.deploy"),
        ("core.locl", "core.local"),
        ("bета.ping", None),
        ("betta.ping", "beta.ping"),
        ("betta.pnig", "beta.ping"),
        ("alpha.zzz", None),
        ("unheard_of.thing", None),
    ],
)
def test_suggestions(catalog: Catalog, ref: str, suggested: str | None) -> None:
    assert catalog.near(DEPLOY).suggest_action(ref) == suggested


def test_refresh_sees_what_changed(tmp_path: Path) -> None:
    actions = tmp_path / "one" / "actions"
    actions.mkdir(parents=True)
    (tmp_path / "one" / "pack.yaml").write_text("ref: one\n", encoding="utf-8")
    catalog = Catalog(pack_dirs=[str(tmp_path)], installed=None)
    near = catalog.near(str(actions / "w.yaml"))
    assert near.find_action("one.a") is None
    (actions / "a.yaml").write_text("name: a\nrunner_type: noop\n", encoding="utf-8")
    catalog.refresh()
    assert near.find_action("one.a") is not None


def test_one_lookup_reads_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    text = PackFolder._text

    def spy(self: PackFolder, file: str) -> str:
        read.append(file)
        return text(self, file)

    monkeypatch.setattr(PackFolder, "_text", spy)
    catalog = Catalog(pack_dirs=[str(WORKSPACE)], installed=None)
    assert catalog.find_action("alpha.deploy") is not None
    assert set(read) == {"deploy.yaml"}
