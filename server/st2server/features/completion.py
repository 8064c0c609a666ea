"""Completion: what may be typed at a place, in the form that the client can take."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.patterns import lazy
from st2lang.query import completion
from st2lang.query.completion import Completion, Sort
from st2lang.source import Span
from st2server.app import Server
from st2server.documents import OpenDocument
from st2server.markup import markup

KINDS = {
    Sort.KEY: lsp.CompletionItemKind.Property,
    Sort.TASK: lsp.CompletionItemKind.Class,
    Sort.COMMAND: lsp.CompletionItemKind.Keyword,
    Sort.ACTION: lsp.CompletionItemKind.Function,
    Sort.PACK: lsp.CompletionItemKind.Module,
    Sort.PARAMETER: lsp.CompletionItemKind.Field,
    Sort.VALUE: lsp.CompletionItemKind.EnumMember,
    Sort.VARIABLE: lsp.CompletionItemKind.Variable,
    Sort.ITEM: lsp.CompletionItemKind.Variable,
    Sort.FIELD: lsp.CompletionItemKind.Field,
    Sort.FUNCTION: lsp.CompletionItemKind.Function,
    Sort.METHOD: lsp.CompletionItemKind.Method,
    Sort.FILTER: lsp.CompletionItemKind.Function,
    Sort.TEST: lsp.CompletionItemKind.Function,
    Sort.KEYWORD: lsp.CompletionItemKind.Keyword,
    Sort.DATASTORE_KEY: lsp.CompletionItemKind.Constant,
    Sort.STATUS: lsp.CompletionItemKind.EnumMember,
    Sort.RUNNER: lsp.CompletionItemKind.Module,
    Sort.FILE: lsp.CompletionItemKind.File,
    Sort.SNIPPET: lsp.CompletionItemKind.Snippet,
}
_CALLED = frozenset({Sort.FUNCTION, Sort.METHOD, Sort.FILTER, Sort.TEST})
_GOES_ON = frozenset({Sort.VARIABLE, Sort.ITEM})
_SIGNATURE = lazy(r"(?:\(.*?\)[.|]|\(.*?\) is )?\w+(?P<arguments>\(.*\)) -> (?P<returns>.+)")
_WORD = lazy(r"[\w.$-]+\Z")


def register(server: Server) -> None:
    """Offer completion."""

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION,
        lsp.CompletionOptions(
            trigger_characters=list(completion.TRIGGERS),
            resolve_provider=True,
            completion_item=lsp.ServerCompletionItemOptions(label_details_support=True),
        ),
    )
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        found = completion.answer(
            document.document, offset, _trigger(params.context), server.around(document)
        )
        writer = _Writer(server, document, offset)
        return lsp.CompletionList(found.incomplete, [writer.item(one) for one in found.items])

    @server.feature(lsp.COMPLETION_ITEM_RESOLVE)
    def resolve(item: lsp.CompletionItem) -> lsp.CompletionItem:
        data = item.data
        if item.documentation is None and isinstance(data, dict) and "uri" in data:
            document = server.documents.get(str(data["uri"]))
            text = completion.documentation(document.document, tuple(data.get("topic", ())))
            if text:
                item.documentation = markup(text, _abilities(server).documentation_format)
        return item


def _trigger(context: lsp.CompletionContext | None) -> str | None:
    """The character because of which the editor asks by itself."""
    if context is None or context.trigger_kind is not lsp.CompletionTriggerKind.TriggerCharacter:
        return None
    return context.trigger_character


def _abilities(server: Server) -> lsp.ClientCompletionItemOptions:
    """What the client can do with an item."""
    texts = server.client_capabilities.text_document
    found = texts.completion.completion_item if texts and texts.completion else None
    return found or lsp.ClientCompletionItemOptions()


class _Writer:
    """Writes the items of one answer."""

    def __init__(self, server: Server, document: OpenDocument, offset: int) -> None:
        self._server, self._document, self._offset = server, document, offset
        self._able = able = _abilities(server)
        self._ranges: dict[Span, lsp.Range] = {}
        self._deprecated = bool(able.tag_support)
        modes = able.insert_text_mode_support
        self._as_is = modes is not None and lsp.InsertTextMode.AsIs in modes.value_set

    def item(self, offer: Completion) -> lsp.CompletionItem:
        """An offer as an item of the protocol."""
        able = self._able
        snippet = offer.snippet and bool(able.snippet_support)
        text = offer.text if snippet else offer.plain
        several = "\n" in text
        if several and snippet and not self._as_is:
            text = self._without_indentation(text)
        item = lsp.CompletionItem(
            label=offer.label,
            kind=KINDS[offer.sort],
            detail=offer.detail or None,
            sort_text=offer.sort_text,
            filter_text=self._filter(offer),
            insert_text_format=lsp.InsertTextFormat.Snippet if snippet else None,
            insert_text_mode=lsp.InsertTextMode.AsIs if several and self._as_is else None,
            text_edit=self._edit(offer, text),
            preselect=True if offer.preselect and able.preselect_support else None,
        )
        if offer.edits:
            item.additional_text_edits = [
                lsp.TextEdit(self._server.converter.range(self._document.source, e.span), e.text)
                for e in offer.edits
            ]
        self._describe(item, offer)
        return item

    def _describe(self, item: lsp.CompletionItem, offer: Completion) -> None:
        able = self._able
        if offer.documentation:
            item.documentation = markup(offer.documentation, able.documentation_format)
        elif offer.topic:
            item.data = {"uri": self._document.uri, "topic": list(offer.topic)}
        if able.label_details_support and offer.detail:
            item.label_details = _details(offer)
        if offer.deprecated and self._deprecated:
            item.tags = [lsp.CompletionItemTag.Deprecated]
        elif offer.deprecated and able.deprecated_support:
            item.deprecated = True
        if able.commit_characters_support and offer.sort in _GOES_ON and not offer.snippet:
            item.commit_characters = ["."]

    def _filter(self, offer: Completion) -> str:
        """What the client compares with the text in front of the cursor: an open quote is part of it."""
        start = offer.span.start
        typed = self._document.source.text[start : min(start + 1, self._offset)]
        return typed + offer.filter_text if typed in ("'", '"') else offer.filter_text

    def _edit(self, offer: Completion, text: str) -> lsp.TextEdit | lsp.InsertReplaceEdit:
        """Beside replacing the whole word, inserting before the rest of it, where that leaves a word."""
        converter, source = self._server.converter, self._document.source
        whole = self._ranges.get(offer.span)
        if whole is None:
            whole = self._ranges[offer.span] = converter.range(source, offer.span)
        if (
            self._able.insert_replace_support
            and offer.span.start <= self._offset < offer.span.end
            and not offer.edits
            and _WORD.match(text)
        ):
            insert = lsp.Range(whole.start, converter.position(source, self._offset))
            return lsp.InsertReplaceEdit(new_text=text, insert=insert, replace=whole)
        return lsp.TextEdit(whole, text)

    def _without_indentation(self, text: str) -> str:
        """Lines for an editor that indents them by itself as far as the line that they begin on."""
        source = self._document.source
        line = source.line_span(source.position(self._offset).line)
        written = source.text[line.start : line.end]
        indent = "\n" + written[: len(written) - len(written.lstrip(" "))]
        return text.replace(indent, "\n")


def _details(offer: Completion) -> lsp.CompletionItemLabelDetails:
    """For functions arguments and result, for all else what it is, beside the label."""
    match = _SIGNATURE.match(offer.detail) if offer.sort in _CALLED else None
    if match is not None:
        return lsp.CompletionItemLabelDetails(match["arguments"], match["returns"])
    return lsp.CompletionItemLabelDetails(description=offer.detail)
