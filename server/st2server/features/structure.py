"""The shape of a document: symbols, foldings, selections, names that are edited together."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.query import folding, linked, outline, selection
from st2lang.query.outline import Item, Sort
from st2server.app import Server
from st2server.documents import OpenDocument

SYMBOLS = {
    Sort.SECTION: lsp.SymbolKind.Namespace,
    Sort.TASK: lsp.SymbolKind.Class,
    Sort.TRANSITION: lsp.SymbolKind.Event,
    Sort.INPUT: lsp.SymbolKind.Variable,
    Sort.VARIABLE: lsp.SymbolKind.Variable,
    Sort.OUTPUT: lsp.SymbolKind.Variable,
    Sort.PARAMETER: lsp.SymbolKind.Field,
    Sort.PROPERTY: lsp.SymbolKind.Property,
}


def register(server: Server) -> None:
    """Answer how a document is built."""

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        document = server.asked(params)
        return [_symbol(server, document, item) for item in outline.find(document.document)]

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def foldings(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        document = server.asked(params)
        found = []
        for one in folding.find(document.document):
            place = server.converter.range(document.source, one.span)
            found.append(
                lsp.FoldingRange(
                    start_line=place.start.line,
                    end_line=place.end.line,
                    start_character=place.start.character,
                    end_character=place.end.character,
                    kind=one.kind.value,
                )
            )
        return found

    @server.feature(lsp.TEXT_DOCUMENT_SELECTION_RANGE)
    def selections(params: lsp.SelectionRangeParams) -> list[lsp.SelectionRange]:
        document = server.asked(params)
        return [_selection(server, document, position) for position in params.positions]

    @server.feature(lsp.TEXT_DOCUMENT_LINKED_EDITING_RANGE)
    def together(params: lsp.LinkedEditingRangeParams) -> lsp.LinkedEditingRanges | None:
        document = server.asked(params)
        spans = linked.find(document.document, server.offset(document, params.position))
        ranges = [server.converter.range(document.source, span) for span in spans]
        return lsp.LinkedEditingRanges(ranges) if len(ranges) > 1 else None


def _symbol(server: Server, document: OpenDocument, item: Item) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        name=item.name or "?",
        detail=item.detail or None,
        kind=SYMBOLS[item.sort],
        range=server.converter.range(document.source, item.span),
        selection_range=server.converter.range(document.source, item.name_span),
        children=[_symbol(server, document, child) for child in item.children],
    )


def _selection(
    server: Server, document: OpenDocument, position: lsp.Position
) -> lsp.SelectionRange:
    spans = selection.ranges(document.document, server.offset(document, position))
    made: lsp.SelectionRange | None = None
    for span in reversed(spans):
        made = lsp.SelectionRange(server.converter.range(document.source, span), made)
    return made or lsp.SelectionRange(lsp.Range(position, position))
