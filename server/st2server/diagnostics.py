"""Problems as the protocol's diagnostics: the same ones that `st2c check` prints."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from st2lang.problem import Problem, Related, Severity, Tag
from st2server.documents import OpenDocument

if TYPE_CHECKING:
    from st2server.app import Server

SOURCE = "st2c"

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
    Severity.HINT: lsp.DiagnosticSeverity.Hint,
}
_TAGS = {Tag.UNUSED: lsp.DiagnosticTag.Unnecessary, Tag.DEPRECATED: lsp.DiagnosticTag.Deprecated}


def diagnostics_of(server: Server, document: OpenDocument) -> list[lsp.Diagnostic]:
    """The diagnostics of one version of a document."""
    if not is_ours(document):
        return []
    return [diagnostic(server, document, problem) for problem in document.problems]


def result_id(found: Sequence[lsp.Diagnostic]) -> str:
    """What tells one state of a file's diagnostics from another."""
    return hashlib.sha256(repr(list(found)).encode()).hexdigest()[:16]


def is_ours(document: OpenDocument) -> bool:
    """False for a YAML file of some other kind, about which nothing is said."""
    return document.document.kind != "unknown" or not document.source.text.strip()


def diagnostic(server: Server, document: OpenDocument, problem: Problem) -> lsp.Diagnostic:
    """One problem as a diagnostic."""
    message = f"{problem.message}\n{problem.help}" if problem.help else problem.message
    address = server.reports.page(problem.check)
    return lsp.Diagnostic(
        range=server.converter.range(document.source, problem.span),
        message=message,
        severity=_SEVERITIES[problem.severity],
        code=problem.check,
        code_description=lsp.CodeDescription(address) if address else None,
        source=SOURCE,
        tags=[_TAGS[tag] for tag in problem.tags] or None,
        related_information=[_related(server, document, one) for one in problem.related] or None,
    )


def _related(
    server: Server, document: OpenDocument, related: Related
) -> lsp.DiagnosticRelatedInformation:
    where = document if related.path is None else server.documents.at(related.path)
    place = lsp.Location(where.uri, server.converter.range(where.source, related.span))
    return lsp.DiagnosticRelatedInformation(place, related.message)
