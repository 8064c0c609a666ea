"""Code lenses: run and test a workflow, what refers to a task. What they say is worked out when they are seen."""

from __future__ import annotations

from typing import Any

from lsprotocol import types as lsp

from st2lang.query import lenses
from st2lang.query.lenses import Lens
from st2server.app import Server

_TITLES = {Lens.RUN: "Run", Lens.TEST: "Test", Lens.RUN_TO_HERE: "Run to here"}
_COMMANDS = {
    Lens.RUN: "st2lang.run",
    Lens.TEST: "st2lang.test",
    Lens.RUN_TO_HERE: "st2lang.runToHere",
    Lens.REFERENCES: "st2lang.showReferences",
}


def register(server: Server) -> None:
    """Offer what can be done."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_LENS, lsp.CodeLensOptions(resolve_provider=True))
    def find(params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
        document = server.asked(params)
        return [
            lsp.CodeLens(
                range=server.converter.range(document.source, one.span),
                data={"uri": document.uri, "lens": one.lens.value, "task": one.task},
            )
            for one in lenses.find(document.document, server.around(document))
        ]

    @server.feature(lsp.CODE_LENS_RESOLVE)
    def resolve(lens: lsp.CodeLens) -> lsp.CodeLens:
        data = lens.data if isinstance(lens.data, dict) else vars(lens.data)
        kind, task = Lens(data["lens"]), data["task"]
        target: dict[str, Any] = {
            "uri": data["uri"],
            "position": {"line": lens.range.start.line, "character": lens.range.start.character},
        }
        if task:
            target["task"] = task
        title = _TITLES.get(kind) or _references(server, data["uri"], task)
        lens.command = lsp.Command(title=title, command=_COMMANDS[kind], arguments=[target])
        return lens


def _references(server: Server, uri: str, task: str) -> str:
    document = server.documents.get(uri)
    count = lenses.uses(document.document, task, server.around(document)) or 0
    return "1 reference" if count == 1 else f"{count} references"
