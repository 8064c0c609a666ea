"""Code actions as an editor gets them: what is offered, resolved later, made, refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsp.editor import actions_at, after, created, opened
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

WORKFLOW = """version: 1.0
# 𝔣😀
tasks:
  first:
    action: core.echo¦ message="𝔣 <% ctx().x %>"
    next:
      - do: secnd
  second:
    action: core.noop
    next:
      - do: thrid
  third:
    action: core.noop
"""


def titled(found: list[lsp.CodeAction], start: str) -> lsp.CodeAction:
    (one,) = [action for action in found if action.title.startswith(start)]
    return one


async def test_resolved_when_chosen(client: LanguageClient, tmp_path: Path) -> None:
    uri, here = opened(client, tmp_path / "a.yaml", WORKFLOW)
    offered = titled(await actions_at(client, uri, here), "Move the parameters")
    assert offered.kind == "refactor.rewrite"
    assert offered.edit is None
    chosen = await client.code_action_resolve_async(offered)
    assert chosen.edit is not None
    assert '    action: core.echo\n    input:\n      message: "𝔣 <% ctx().x %>"\n' in after(
        WORKFLOW, uri, chosen.edit
    )


async def test_a_changed_text_is_not_edited(client: LanguageClient, tmp_path: Path) -> None:
    uri, here = opened(client, tmp_path / "a.yaml", WORKFLOW)
    offered = titled(await actions_at(client, uri, here), "Move the parameters")
    start = lsp.Position(0, 0)
    change = lsp.TextDocumentContentChangePartial(range=lsp.Range(start, start), text="# new\n")
    client.text_document_did_change(
        lsp.DidChangeTextDocumentParams(
            lsp.VersionedTextDocumentIdentifier(version=2, uri=uri), [change]
        )
    )
    with pytest.raises(Exception, match="the text has changed"):
        await client.code_action_resolve_async(offered)


async def test_kinds_that_are_asked_for(client: LanguageClient, tmp_path: Path) -> None:
    uri, here = opened(client, tmp_path / "a.yaml", WORKFLOW)
    found = await actions_at(client, uri, here, only=[lsp.CodeActionKind.RefactorRewrite])
    assert {one.kind for one in found} == {"refactor.rewrite"}
    assert (
        await actions_at(client, uri, here, only=[lsp.CodeActionKind.SourceOrganizeImports]) == []
    )


async def test_quick_fixes_belong_to_their_diagnostics(
    client: LanguageClient, tmp_path: Path
) -> None:
    text = WORKFLOW.replace("¦", "").replace("do: sec", "do: ¦sec")
    uri, here = opened(client, tmp_path / "a.yaml", text)
    found = await actions_at(client, uri, here)
    for start in ("Create the task `secnd`", "Silence `undefined-task`"):
        one = titled(found, start)
        assert one.kind == lsp.CodeActionKind.QuickFix
        assert [d.code for d in one.diagnostics or ()] == ["undefined-task"]
    silenced = await client.code_action_resolve_async(titled(found, "Silence"))
    assert silenced.edit is not None
    assert "      # st2c: ignore[undefined-task] say why\n      - do: secnd" in after(
        text, uri, silenced.edit
    )


async def test_all_of_one_check(client: LanguageClient, tmp_path: Path) -> None:
    text = """chain:
  - name: one
    ref: core.echo
    para¦ms: {message: a}
    on-success: two
  - name: two
    ref: core.echo
    params: {message: b}
"""
    uri, here = opened(client, tmp_path / "a.yaml", text)
    found = await actions_at(client, uri, here)
    every = titled(found, "Fix all 2 findings of `deprecated-params`")
    assert every.edit is not None
    assert after(text, uri, every.edit).count("parameters:") == 2
    assert [one.kind for one in found if one.kind == "source.fixAll.st2c"]


async def test_metadata_is_a_new_file(client: LanguageClient, tmp_path: Path) -> None:
    workflow = tmp_path / "mine" / "actions" / "workflows" / "go.yaml"
    workflow.parent.mkdir(parents=True)
    text = "version: 1.0\nin¦put: [host]\ntasks:\n  one: {action: core.noop}\n"
    workflow.write_text(text.replace("¦", ""), encoding="utf-8")
    (tmp_path / "mine" / "pack.yaml").write_text(
        "ref: mine\nname: mine\nversion: 1.0.0\n", encoding="utf-8"
    )
    changed = lsp.FileEvent((tmp_path / "mine" / "pack.yaml").as_uri(), lsp.FileChangeType.Created)
    uri, here = opened(client, workflow, text)
    client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([changed]))
    found: list[lsp.CodeAction] = []
    while not found:
        found = [a for a in await actions_at(client, uri, here) if "metadata" in a.title]
    chosen = await client.code_action_resolve_async(found[0])
    assert chosen.edit is not None
    ((name, written),) = created(chosen.edit).items()
    assert name == (tmp_path / "mine" / "actions" / "go.yaml").as_uri()
    assert "entry_point: workflows/go.yaml\nparameters:\n  host:\n" in written


async def test_nothing_in_other_files(client: LanguageClient, tmp_path: Path) -> None:
    uri, here = opened(client, tmp_path / "docker-compose.yaml", "services:\n  a: {image: ¦x}\n")
    assert await actions_at(client, uri, here) == []
