"""The problems of single nodes: tags, anchors, values. Their words are here, and nothing else.

The order of a message is: who offends, what is wrong with it; the `help` says what to do.
"""

from __future__ import annotations

from st2lang.problem import Problem, Related, Severity, SpecPath
from st2lang.source import Span
from st2lang.suggest import nearest
from st2lang.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, Value, deref
from st2lang.yaml.resolve import TAG, construct_tagged, is_scalar_tag

_SHORT = 40


def error(
    check: str,
    message: str,
    span: Span,
    path: SpecPath = (),
    hint: str = "",
    related: tuple[Related, ...] = (),
) -> Problem:
    """A problem of severity error."""
    return Problem(check, Severity.ERROR, message, span, path, hint, related)


def shorten(text: str) -> str:
    """A text on one line, cut to what fits into a message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def step(key: Node) -> str | int:
    """What a key contributes to a path."""
    target = deref(key)
    if isinstance(target, Scalar):
        return target.value
    return "?"


_COLLECTIONS = {
    f"{TAG}map": Mapping,
    f"{TAG}set": Mapping,
    f"{TAG}seq": Sequence,
    f"{TAG}omap": Sequence,
    f"{TAG}pairs": Sequence,
}


def tag_problem(node: Value, text: str, start: int, path: SpecPath) -> Problem | None:
    """What PyYAML's SafeLoader would refuse about the tag of a node.

    The tag, and an anchor perhaps, are written in `text` between `start` and the node.
    """
    tag = node.tag
    if tag is None or tag == "!":
        return None
    name = f"!!{tag.removeprefix(TAG)}" if tag.startswith(TAG) else tag
    span = _tag_span(text, start, node.start)
    kind = _COLLECTIONS.get(tag)
    if kind is None and not is_scalar_tag(tag):
        message = f"`{name}` is not a tag that StackStorm's YAML reader accepts"
        hint = "Remove the tag; if the value is meant to start with `!`, quote it."
        return error("yaml-unknown-tag", message, span, path, hint)
    if isinstance(node, Scalar) and kind is None:
        try:
            construct_tagged(node.value, tag)
        except (ValueError, OverflowError):
            message = f"`{shorten(node.value)}` is not a valid {name}"
            return error("yaml-bad-value", message, node.span, path, "Correct it or drop the tag.")
        return None
    if kind is None or not isinstance(node, kind):
        message = f"`{name}` does not fit the kind of value that follows it"
        return error("yaml-unknown-tag", message, span, path, "Remove the tag.")
    if name in ("!!omap", "!!pairs") and isinstance(node, Sequence):
        return _pairs_problem(node, name, path)
    return None


def _tag_span(text: str, start: int, end: int) -> Span:
    at = text.find("!", start, end)
    at = start if at < 0 else at
    words = text[at:end].split()
    return Span(at, at + len(words[0]) if words else at)


def _pairs_problem(node: Sequence, name: str, path: SpecPath) -> Problem | None:
    for item in node.items:
        target = deref(item)
        if not isinstance(target, Mapping) or len(target.entries) != 1:
            message = f"every item of a {name} must be a mapping with one key"
            return error("yaml-bad-value", message, item.span, path)
    return None


def bad_value(node: Scalar, path: SpecPath) -> Problem:
    """A plain scalar that looks like a number or date and is none."""
    return error(
        "yaml-bad-value",
        f"`{shorten(node.value)}` looks like a number or a date but is not a valid one",
        node.span,
        path,
        "Quote it if it is meant to be text.",
    )


def reserved_word(node: Scalar, path: SpecPath) -> Problem:
    """A plain `=` or `<<` as a value."""
    return error(
        "yaml-bad-value",
        f"a bare `{node.value}` means something special in YAML 1.1 and cannot be a value",
        node.span,
        path,
        f'Quote it: "{node.value}".',
    )


def unquoted_expression(node: Scalar, path: SpecPath) -> Problem:
    """`{{ … }}` without quotes, which YAML takes for a mapping inside a mapping."""
    return error(
        "yaml-unquoted-expression",
        f"the expression `{shorten(node.value)}` must be quoted: YAML reads `{{` as the start of a mapping",
        node.span,
        path,
        "Put the whole value in quotes.",
    )


def undefined_alias(name: str, span: Span, path: SpecPath, anchors: object) -> Problem:
    """`*name` with no `&name` before it."""
    known = [str(anchor) for anchor in anchors] if isinstance(anchors, dict) else []
    near = nearest(name, known)
    hint = f"Did you mean `*{near}`?" if near else "An anchor must come before its aliases."
    message = f"the alias `*{name}` refers to an anchor `&{name}` that is not defined above it"
    return error("yaml-undefined-alias", message, span, path, hint)


def recursive_alias(name: str, span: Span, path: SpecPath) -> Problem:
    """`*name` inside the node that `&name` marks."""
    message = f"the alias `*{name}` stands inside the value of `&{name}`, which would never end"
    return error("yaml-recursive-alias", message, span, path)


def duplicate_anchor(name: str, start: int, earlier: Node | None, path: SpecPath) -> Problem:
    """A second `&name` in a document."""
    related: tuple[Related, ...] = ()
    if earlier is not None and not isinstance(earlier, Alias):
        related = (Related("first used here", earlier.span),)
    span = Span(start, start + len(name) + 1)
    message = f"the anchor `&{name}` is already used in this document"
    return error("yaml-duplicate-anchor", message, span, path, "Give it another name.", related)
