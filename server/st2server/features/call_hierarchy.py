"""Who calls whom: tasks inside a workflow, workflows and actions across packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lsprotocol import types as lsp

from st2lang.query import calls_hierarchy
from st2lang.query.calls_hierarchy import Call, Item
from st2lang.query.symbol import Kind
from st2lang.source import Source, Span
from st2server.app import Server
from st2server.documents import OpenDocument

_KINDS = {Kind.TASK: lsp.SymbolKind.Class, Kind.ACTION: lsp.SymbolKind.Function}


def register(server: Server) -> None:
    """Answer who calls whom."""

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)
    def prepare(params: lsp.CallHierarchyPrepareParams) -> list[lsp.CallHierarchyItem]:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        found = calls_hierarchy.prepare(document.document, offset, server.around(document))
        return [_item(server, document, one) for one in found]

    @server.feature(lsp.CALL_HIERARCHY_INCOMING_CALLS)
    def incoming(
        params: lsp.CallHierarchyIncomingCallsParams,
    ) -> list[lsp.CallHierarchyIncomingCall]:
        document = server.documents.get(params.item.uri)
        item = _asked(params.item)
        calls = calls_hierarchy.incoming(item, server.around(document))
        return [
            lsp.CallHierarchyIncomingCall(
                _item(server, document, call.item),
                _ranges(server, server.source(document, call.item.path), call.spans),
            )
            for call in calls
        ]

    @server.feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS)
    def outgoing(
        params: lsp.CallHierarchyOutgoingCallsParams,
    ) -> list[lsp.CallHierarchyOutgoingCall]:
        document = server.documents.get(params.item.uri)
        return list(_outgoing(server, document, _asked(params.item)))


def _outgoing(
    server: Server, document: OpenDocument, item: Item
) -> Iterator[lsp.CallHierarchyOutgoingCall]:
    around = server.around(document)
    calls: Iterable[Call] = calls_hierarchy.outgoing(item, around)
    source = _written_in(server, document, item)
    for call in calls:
        yield lsp.CallHierarchyOutgoingCall(
            _item(server, document, call.item), _ranges(server, source, call.spans)
        )


def _written_in(server: Server, document: OpenDocument, item: Item) -> Source:
    """The file in which the calls of an item are written: of an action that is a workflow, the workflow."""
    around = server.around(document)
    if item.kind is Kind.ACTION:
        action = around.action(item.name, document.document)
        path = around.entry_point(action) if action is not None else None
        if path is not None:
            return server.source(document, path)
    return server.source(document, item.path)


def _ranges(server: Server, source: Source, spans: Iterable[Span]) -> list[lsp.Range]:
    return [server.converter.range(source, span) for span in spans]


def _item(server: Server, document: OpenDocument, item: Item) -> lsp.CallHierarchyItem:
    source = server.source(document, item.path)
    data: dict[str, Any] = {
        "kind": item.kind.name if item.kind else None,
        "name": item.name,
        "detail": item.detail,
        "path": item.path,
        "span": list(item.span),
        "nameSpan": list(item.name_span),
    }
    return lsp.CallHierarchyItem(
        name=item.name,
        kind=_KINDS.get(item.kind, lsp.SymbolKind.File) if item.kind else lsp.SymbolKind.File,
        detail=item.detail or None,
        uri=server.documents.uri(item.path),
        range=server.converter.range(source, item.span),
        selection_range=server.converter.range(source, item.name_span),
        data=data,
    )


def _asked(item: lsp.CallHierarchyItem) -> Item:
    data: Any = item.data
    if not isinstance(data, dict):
        data = vars(data)
    kind = data["kind"]
    return Item(
        Kind[kind] if kind else None,
        data["name"],
        data["detail"],
        data["path"],
        Span(*data["span"]),
        Span(*data["nameSpan"]),
    )
