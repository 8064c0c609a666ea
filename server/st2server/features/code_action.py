"""Code actions: the fixes of checks, one by one and all at once, and the refactorings.

An editor that can ask for the edit of an action later (`codeAction/resolve`) gets the titles first: the edit of a
refactoring is worked out when it is chosen, for the version of the text that it was offered for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from st2lang import refactoring
from st2lang.commands.fix import disjoint
from st2lang.problem import Problem
from st2lang.refactoring import Asked, Offer, Refactoring
from st2lang.source import Span
from st2server.app import Server
from st2server.diagnostics import diagnostic, is_ours
from st2server.documents import OpenDocument
from st2server.edits import can_create, workspace_edit

FIX_ALL = "source.fixAll.st2c"
KINDS = (refactoring.QUICKFIX, refactoring.EXTRACT, refactoring.REWRITE, FIX_ALL)


def register(server: Server) -> None:
    """Offer what can be put right or done."""

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True),
    )
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        document = server.asked(params)
        if not is_ours(document):
            return []
        span = server.converter.span(document.source, params.range)
        here = _here(document, span)
        wanted = [kind for kind in KINDS if _wants(params.context.only, kind)]
        found: list[lsp.CodeAction] = []
        if refactoring.QUICKFIX in wanted:
            found += _fixes(server, document, here)
            found += _fixes_of_check(server, document, here)
        found += _refactorings(server, document, Asked(document.document, span, here), wanted)
        if FIX_ALL in wanted:
            found += _fix_all(server, document)
        return found

    @server.feature(lsp.CODE_ACTION_RESOLVE)
    def resolve(action: lsp.CodeAction) -> lsp.CodeAction:
        if action.edit is None and action.data is not None:
            _resolve(server, action, _plain(action.data))
        return action


def _here(document: OpenDocument, span: Span) -> tuple[Problem, ...]:
    return tuple(
        p for p in document.problems if p.span.start <= span.end and span.start <= p.span.end
    )


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


def _fixes_of_check(
    server: Server, document: OpenDocument, problems: Iterable[Problem]
) -> Iterator[lsp.CodeAction]:
    """All that one check finds in the file, where it finds more than one thing that can be fixed safely."""
    for check in dict.fromkeys(p.check for p in problems if p.fix is not None and p.fix.safe):
        same = [p for p in document.problems if p.check == check and p.fix and p.fix.safe]
        chosen = disjoint([p.fix for p in same if p.fix is not None])
        if len(chosen) > 1:
            yield lsp.CodeAction(
                title=f"Fix all {len(chosen)} findings of `{check}` in this file",
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[diagnostic(server, document, p) for p in same],
                edit=workspace_edit(server, document, [e for fix in chosen for e in fix.edits]),
            )


def _fix_all(server: Server, document: OpenDocument) -> Iterator[lsp.CodeAction]:
    chosen = disjoint([p.fix for p in document.problems if p.fix is not None and p.fix.safe])
    if chosen:
        edits = [edit for fix in chosen for edit in fix.edits]
        yield lsp.CodeAction(
            title="Fix all that can be fixed safely",
            kind=FIX_ALL,
            edit=workspace_edit(server, document, edits),
        )


def _refactorings(
    server: Server, document: OpenDocument, asked: Asked, wanted: list[str]
) -> Iterator[lsp.CodeAction]:
    later = _resolves_later(server)
    for one in refactoring.all():
        if one.kind not in wanted or (one.creates and not can_create(server)):
            continue
        for offer in one.offers(asked):
            action = _action(server, document, one, offer)
            if later:
                action.data = {
                    "uri": document.uri,
                    "version": document.version,
                    "refactoring": one.id,
                    "span": list(asked.span),
                }
            else:
                action.edit = _edit(server, document, offer)
            yield action


def _action(
    server: Server, document: OpenDocument, one: Refactoring, offer: Offer
) -> lsp.CodeAction:
    return lsp.CodeAction(
        title=offer.title,
        kind=one.kind,
        diagnostics=[diagnostic(server, document, p) for p in offer.answers] or None,
        is_preferred=offer.preferred or None,
    )


def _edit(server: Server, document: OpenDocument, offer: Offer) -> lsp.WorkspaceEdit:
    change = offer.make()
    return workspace_edit(server, document, change.edits, change.files)


def _resolves_later(server: Server) -> bool:
    """Whether the editor asks for the edits of actions when they are chosen."""
    text_document = server.client_capabilities.text_document
    actions = text_document.code_action if text_document else None
    support = actions.resolve_support if actions else None
    return bool(actions and actions.data_support and support and "edit" in support.properties)


def _resolve(server: Server, action: lsp.CodeAction, data: dict[str, Any]) -> None:
    """The edit of an action that was offered before. Raises where the text has changed since."""
    document = server.documents.get(data["uri"])
    span = Span(*data["span"])
    if document.version == data["version"]:
        asked = Asked(document.document, span, _here(document, span))
        one = next((r for r in refactoring.all() if r.id == data["refactoring"]), None)
        for offer in one.offers(asked) if one is not None else ():
            if offer.title == action.title:
                action.edit = _edit(server, document, offer)
                return
    raise JsonRpcException(
        "the text has changed since this was offered", lsp.LSPErrorCodes.ContentModified.value
    )


def _plain(data: Any) -> dict[str, Any]:
    """The data of an action, whatever pygls has made of it."""
    return data if isinstance(data, dict) else vars(data)
