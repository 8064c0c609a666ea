"""Code actions: the fixes of checks, one by one and all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types as lsp

from st2lang.commands.fix import disjoint
from st2lang.problem import Edit, Fix, Problem
from st2server.app import Server
from st2server.diagnostics import diagnostic
from st2server.documents import OpenDocument

FIX_ALL = "source.fixAll.st2c"


def register(server: Server) -> None:
    """Offer what can be put right."""

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(
            code_action_kinds=[lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]
        ),
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        document = server.asked(params)
        span = server.converter.span(document.source, params.range)
        wanted = params.context.only
        found: list[lsp.CodeAction] = []
        if _wants(wanted, lsp.CodeActionKind.QuickFix.value):
            here = [
                p
                for p in document.problems
                if p.span.start <= span.end and span.start <= p.span.end
            ]
            found.extend(_fixes(server, document, here))
        if _wants(wanted, FIX_ALL):
            found.extend(_fix_all(server, document))
        return found


def _wants(only: Iterable[lsp.CodeActionKind | str] | None, kind: str) -> bool:
    """Kinds are hierarchical: `source` asks for `source.fixAll` as well."""
    if only is None:
        return True
    kinds = [getattr(one, "value", one) for one in only]
    return any(kind == one or kind.startswith(f"{one}.") or one == "" for one in kinds)


def _fixes(
    server: Server, document: OpenDocument, problems: Iterable[Problem]
) -> Iterator[lsp.CodeAction]:
    for problem in problems:
        if problem.fix is not None:
            yield lsp.CodeAction(
                title=problem.fix.title,
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[diagnostic(server, document, problem)],
                is_preferred=problem.fix.safe,
                edit=workspace_edit(server, document, problem.fix.edits),
            )


def _fix_all(server: Server, document: OpenDocument) -> Iterator[lsp.CodeAction]:
    fixes = [p.fix for p in document.problems if p.fix is not None and p.fix.safe]
    chosen: list[Fix] = disjoint(fixes)
    if chosen:
        edits = [edit for fix in chosen for edit in fix.edits]
        yield lsp.CodeAction(
            title="Fix all that can be fixed safely",
            kind=FIX_ALL,
            edit=workspace_edit(server, document, edits),
        )


def workspace_edit(
    server: Server, document: OpenDocument, edits: Iterable[Edit]
) -> lsp.WorkspaceEdit:
    """Edits of one document, for the version that they were made for."""
    changes = [
        lsp.TextEdit(server.converter.range(document.source, edit.span), edit.text)
        for edit in edits
    ]
    return lsp.WorkspaceEdit(
        document_changes=[
            lsp.TextDocumentEdit(
                lsp.OptionalVersionedTextDocumentIdentifier(document.uri, document.version), changes
            )
        ]
    )
