"""What is said about broken YAML: libyaml's reasons and unquotable values in words for people."""

from __future__ import annotations

from st2lang.patterns import lazy
from st2lang.problem import Problem, SpecPath
from st2lang.source import Span
from st2lang.yaml.build import MAX_DEPTH
from st2lang.yaml.events import Failure
from st2lang.yaml.nodes import Scalar
from st2lang.yaml.report import error, shorten

_COLON = lazy(r":(?=\s|\Z)")
_QUOTE_IT = "Put the whole value in quotes."

_REASONS = (
    ("mapping values are not allowed", "a `key: value` cannot start here", "Check the indentation, or quote the text."),
    ("could not find expected ':'", "this line is not followed by a colon", "Every line of this block must be `key: value`."),
    ("did not find expected ',' or ']'", "a `,` or the closing `]` is missing here", ""),
    ("did not find expected ',' or '}'", "a `,` or the closing `}` is missing here", ""),
    ("did not find expected node content", "a value is missing here", ""),
    ("did not find expected key", "this does not fit the block above", "Check the indentation."),
    ("did not find expected '-'", "this does not fit the list above", "Check the indentation."),
    ("unexpected end of stream", "the text ends before this value is complete", ""),
    ("cannot start any token", "`{char}` cannot start a value", _QUOTE_IT),
    ("alphabetic or numeric", "a name is missing after `{char}`", "A value that starts with `*` or `&` must be quoted."),
    ("undefined tag handle", "the prefix of this tag is not declared", "Remove the tag; if the value is meant to start with `!`, quote it."),
    ("tab character", "a tab cannot be used for indentation", "Indent with spaces."),
    ("several documents", "this reads as several documents", ""),
    ("<document start>", "this does not belong to the value above", "Check the indentation."),
    ("document indicator", "the file goes on with `---` or `...` before this value is complete", ""),
)  # fmt: skip

_STARTS = {
    "@": "a value cannot start with `@`",
    "`": "a value cannot start with a backtick",
    "%": "a value cannot start with `%`",
    "*": "`*` starts an alias, and this is not the name of one",
    "&": "`&` starts an anchor, and this is not the name of one",
    "!": "`!` starts a tag, and this is none",
    "]": "there is no `[` for this `]`",
    "}": "there is no `{` for this `}`",
    ",": "a value cannot start with a comma",
    "|": "nothing but `+`, `-`, a digit or a comment may follow `|`",
    ">": "nothing but `+`, `-`, a digit or a comment may follow `>`",
}


def reason(failure: Failure, character: str) -> tuple[str, str]:
    """Message and help for what the parser says about a place with this character."""
    for words, message, hint in _REASONS:
        if words in failure.reason:
            return message.replace("{char}", character.strip() or "this"), hint
    return "this is not valid YAML", "Check quotes, brackets and indentation around it."


def value(node: Scalar, path: SpecPath, expression: bool) -> Problem:
    """Why a plain value cannot be read; `expression` when it has one in it."""
    text = node.value
    if expression:
        return error(
            "yaml-unquoted-expression",
            f"the expression in `{shorten(text)}` must be quoted: YAML gives its characters other meanings",
            node.span,
            path,
            _QUOTE_IT,
        )
    if text[:1] in _STARTS:
        return error("yaml-syntax", _STARTS[text[0]], node.span, path, _QUOTE_IT)
    colon = _COLON.search(text)
    if colon is not None:
        at = node.locate(colon.start(), colon.end())
        message = (
            f"there is a second colon in `{shorten(text)}`: text with `: ` in it must be quoted"
        )
        return error("yaml-syntax", message, at, path, _QUOTE_IT)
    return error(
        "yaml-syntax", f"`{shorten(text)}` cannot be read as a value", node.span, path, _QUOTE_IT
    )


def keyless(text: str) -> tuple[str, str]:
    """Message and help for a line among keys that is no key."""
    if text[:1] in "]}":
        return f"there is nothing that this `{text[0]}` closes", "Remove it."
    if text[:1] == "%":
        return "a line cannot start with `%`", "Quote it."
    if text[:1] in "\"'":
        return f"`{shorten(text)}` is not followed by a colon", "Close the quote and add `:`."
    hint = "If it continues the value above, indent it more than the key."
    return f"expected `key: value` here, found `{shorten(text)}`", hint


def too_deep(span: Span, path: SpecPath) -> Problem:
    """More levels than anything here is made for."""
    message = f"more than {MAX_DEPTH} lists and mappings are nested here"
    return error("yaml-too-deep", message, span, path[:8])
