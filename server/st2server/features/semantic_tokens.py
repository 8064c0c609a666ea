"""Semantic tokens: names, functions and operators in expressions, tasks and keys in the YAML."""

from __future__ import annotations

from collections import OrderedDict
from itertools import count

from lsprotocol import types as lsp

from st2lang.query import tokens
from st2lang.query.tokens import Modifier, TokenType
from st2lang.source import Span
from st2server.app import Server
from st2server.documents import OpenDocument

LEGEND = lsp.SemanticTokensLegend(
    token_types=[one.value for one in TokenType], token_modifiers=[one.value for one in Modifier]
)
_TYPES = {one: index for index, one in enumerate(TokenType)}
_MODIFIERS = {one: 1 << index for index, one in enumerate(Modifier)}
_KEPT = 32
"""Answers that are kept for an editor to ask what has changed since."""


def register(server: Server) -> None:
    """Offer semantic tokens: all, of a range, and what has changed."""
    kept: OrderedDict[str, list[int]] = OrderedDict()
    numbers = count(1)

    def keep(data: list[int]) -> str:
        result_id = str(next(numbers))
        kept[result_id] = data
        while len(kept) > _KEPT:
            kept.popitem(last=False)
        return result_id

    @server.feature(
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        lsp.SemanticTokensRegistrationOptions(
            legend=LEGEND, full=lsp.SemanticTokensFullDelta(delta=True), range=True
        ),
    )
    def full(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        data = _encoded(server, server.asked(params), None)
        return lsp.SemanticTokens(data, keep(data))

    @server.feature(lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND)
    def part(params: lsp.SemanticTokensRangeParams) -> lsp.SemanticTokens:
        document = server.asked(params)
        within = server.converter.span(document.source, params.range)
        return lsp.SemanticTokens(_encoded(server, document, within))

    @server.feature(
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA,
        lsp.SemanticTokensRegistrationOptions(
            legend=LEGEND, full=lsp.SemanticTokensFullDelta(delta=True), range=True
        ),
    )
    def delta(
        params: lsp.SemanticTokensDeltaParams,
    ) -> lsp.SemanticTokens | lsp.SemanticTokensDelta:
        before = kept.get(params.previous_result_id)
        data = _encoded(server, server.asked(params), None)
        result_id = keep(data)
        if before is None:
            return lsp.SemanticTokens(data, result_id)
        return lsp.SemanticTokensDelta(_difference(before, data), result_id)


def _encoded(server: Server, document: OpenDocument, within: Span | None) -> list[int]:
    """Five numbers a token: lines and characters since the one before, length, type, modifiers."""
    data: list[int] = []
    line = character = 0
    for token in tokens.find(document.document, within):
        place = server.converter.range(document.source, token.span)
        start = place.start
        if start.line != line:
            character = 0
        data += (
            start.line - line,
            start.character - character,
            place.end.character - start.character,
            _TYPES[token.type],
            sum(_MODIFIERS[modifier] for modifier in token.modifiers),
        )
        line, character = start.line, start.character
    return data


def _difference(before: list[int], after: list[int]) -> list[lsp.SemanticTokensEdit]:
    """One edit: all between what both have at the start and at the end."""
    if before == after:
        return []
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    end = next(
        (i for i in range(shorter - start) if before[-1 - i] != after[-1 - i]), shorter - start
    )
    replaced = after[start : len(after) - end]
    return [lsp.SemanticTokensEdit(start, len(before) - end - start, replaced)]
