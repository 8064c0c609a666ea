"""Signature help: how what is being called wants to be called."""

from __future__ import annotations

from lsprotocol import types as lsp

from st2lang.query import signatures
from st2lang.query.signatures import Argument, Form
from st2server.app import Server
from st2server.markup import markup


def register(server: Server) -> None:
    """Answer what may stand between brackets."""

    @server.feature(
        lsp.TEXT_DOCUMENT_SIGNATURE_HELP,
        lsp.SignatureHelpOptions(trigger_characters=["(", ","], retrigger_characters=[")", "="]),
    )
    def signature(params: lsp.SignatureHelpParams) -> lsp.SignatureHelp | None:
        document = server.asked(params)
        offset = server.offset(document, params.position)
        shown = params.context.active_signature_help if params.context else None
        found = signatures.find(
            document.document,
            offset,
            server.around(document),
            shown.active_signature if shown is not None else None,
        )
        if found is None:
            return None
        writer = _Writer(server)
        active = found.forms[found.active].active
        return lsp.SignatureHelp(
            [writer.form(form) for form in found.forms],
            active_signature=found.active,
            active_parameter=writer.nothing(found.forms[found.active])
            if active is None
            else active,
        )


class _Writer:
    """Writes signatures as the client can show them."""

    def __init__(self, server: Server) -> None:
        texts = server.client_capabilities.text_document
        able = (
            texts.signature_help.signature_information if texts and texts.signature_help else None
        )
        self._able = able or lsp.ClientSignatureInformationOptions()
        about = self._able.parameter_information
        self._offsets = bool(about and about.label_offset_support)

    def form(self, form: Form) -> lsp.SignatureInformation:
        """One way to call."""
        formats = self._able.documentation_format
        about = markup(form.documentation, formats) if form.documentation else None
        found = lsp.SignatureInformation(
            form.text, about, [self._argument(form.text, one) for one in form.arguments]
        )
        if self._able.active_parameter_support:
            found.active_parameter = self.nothing(form) if form.active is None else form.active
        return found

    def _argument(self, text: str, argument: Argument) -> lsp.ParameterInformation:
        formats = self._able.documentation_format
        about = markup(argument.documentation, formats) if argument.documentation else None
        shown = text[argument.start : argument.end]
        if not self._offsets:
            return lsp.ParameterInformation(shown, about)
        start = _units(text[: argument.start])
        return lsp.ParameterInformation((start, start + _units(shown)), about)

    def nothing(self, form: Form) -> int:
        """The number of an argument that there is not: none is marked, by any version of the protocol."""
        return len(form.arguments)


def _units(text: str) -> int:
    """Offsets in a label count UTF-16 units, whatever positions count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
