"""Records what has come of a rehearsal into its file, and touches nothing else in it.

The values that differ are replaced in the text, at the places that the tree knows: comments, order,
quotes and blank lines of everything else stay as they are, to the byte. Lists and mappings are changed
entry by entry. The result is read back before it is used; if it did not say what it should, whole values
are replaced instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingType
from difflib import SequenceMatcher
from typing import Any

from st2lang import yaml
from st2lang.source import Source
from st2lang.yaml import Alias, Mapping, Node, Scalar, Sequence, to_data
from st2runtime.rehearsal.case import Actual, Case, full_name
from st2runtime.rehearsal.compare import same_errors
from st2runtime.rehearsal.data import native, plain, same, to_yaml

LONGEST = 100
"""Columns that a list or mapping in brackets may take."""


def wanted(case: Case, actual: Actual, *, chain: bool) -> dict[str, Any]:
    """What the file should say where it now says something else, by key.

    A key that the case does not have is added where its default would be wrong. A case that expects
    nothing yet gets what is worth holding: the sequence, the status, the output and the errors.
    """
    expected, given = case.expected, case.given
    fresh = not any(name.startswith("expected_") for name in given)
    found: dict[str, Any] = {
        "expected_task_sequence": _kept(expected.task_sequence, actual.task_sequence)
    }
    if not chain:
        found["expected_routes"] = native(actual.routes)
    found["expected_workflow_status"] = actual.workflow_status
    if (expected.output is not None) if not fresh else actual.output:
        found["expected_output"] = _output(case, actual, chain)
    if (expected.errors is not None) if not fresh else actual.errors:
        errors = native(actual.errors)
        found["expected_errors"] = (
            native(expected.errors) if same_errors(expected.errors or (), actual.errors) else errors
        )
    if expected.term_tasks is not None:
        ended = sorted(map(full_name, expected.term_tasks)) == sorted(actual.term_tasks)
        found["expected_term_tasks"] = list(expected.term_tasks if ended else actual.term_tasks)
    usual = {"expected_routes": [[]], "expected_workflow_status": "succeeded"}
    return {
        name: value
        for name, value in found.items()
        if name in given
        or value != usual.get(name)
        or (fresh and name == "expected_workflow_status")
    }


def _kept(expected: tuple[str, ...] | None, actual: tuple[str, ...]) -> list[str]:
    """The names as they are written already, where they mean the same."""
    if expected is not None and tuple(map(full_name, expected)) == actual:
        return list(expected)
    return list(actual)


def _output(case: Case, actual: Actual, chain: bool) -> Any:
    if not chain or not isinstance(actual.output, MappingType):
        return native(actual.output or {})
    parts = case.expected.output or {"published": None}
    return {name: native(actual.output.get(name)) for name in parts}


def bless(source: Source, values: MappingType[str, Any]) -> str:
    """The text with these values at its top-level keys. Raises `ValueError` when that cannot be done."""
    for finely in (True, False):
        text = _edited(source, values, finely)
        if _says(text, values, source.text):
            return text
    raise ValueError("the file is written in a way that cannot be changed in place")


def _says(text: str, values: MappingType[str, Any], before: str) -> bool:
    """Whether a text is sound and says these values, and else what was said before."""
    file = yaml.parse(text)
    found, old = to_data(file.root), to_data(yaml.parse(before).root)
    return (
        not file.problems
        and isinstance(found, dict)
        and same(plain(found), plain({**old, **values}))
    )


def _edited(source: Source, values: MappingType[str, Any], finely: bool) -> str:
    root = yaml.parse(source.text).root
    if not isinstance(root, Mapping) or root.flow or not root.entries:
        return to_yaml({**(plain(to_data(root)) or {}), **values}, True)
    editor = _Editor(source, _indents_lists(source, root), finely)
    editor.mapping(root, values, keep=True)
    return editor.text()


def _indents_lists(source: Source, root: Node) -> bool:
    """Whether the lists of a file stand further in than the keys they belong to."""
    for _, node in yaml.walk(root):
        if isinstance(node, Mapping) and not node.flow:
            for key, value in node.entries:
                if isinstance(value, Sequence) and not value.flow:
                    return source.position(value.start).column > source.position(key.start).column
    return True


class _Editor:
    """Collects replacements in one text."""

    def __init__(self, source: Source, indented: bool, finely: bool) -> None:
        self.source, self.indented, self.finely = source, indented, finely
        self.edits: list[tuple[int, int, str]] = []

    def text(self) -> str:
        """The text with all replacements made."""
        text = self.source.text
        newline = "\r\n" if "\r\n" in text else "\n"
        ordered = sorted(self.edits, key=lambda edit: edit[0])  # of one place in their order
        for start, end, new in reversed(ordered):
            text = text[:start] + new.replace("\n", newline) + text[end:]
        return text

    def mapping(self, node: Mapping, values: MappingType[str, Any], keep: bool = False) -> None:
        """Make a block mapping say these values; `keep` leaves entries of other names alone."""
        column = self._column(node.entries[0].key)
        last = node.entries[-1]
        for entry in node.entries:
            name = entry.key.value if isinstance(entry.key, Scalar) else ""
            if name in values:
                self._entry(entry.key, entry.value, values[name], column)
            elif not keep:
                self._delete(entry.key.start, entry.value.end)
        missing = {name: value for name, value in values.items() if name not in node}
        if missing:
            place = self._line_end(max(last.key.end, last.value.end))
            self._insert(place, missing, column, airy=keep and self._airy(node))

    def _entry(self, key: Node, old: Node, new: Any, column: int) -> None:
        if same(plain(to_data(old)), new):
            return
        if self.finely and self._within(old, new):
            return
        text = self.source.text
        colon = text.index(":", key.end) + 1
        flow = self._flow(old, new)
        if flow is not None:
            self.edits.append((old.start, old.end, flow))
            return
        written = to_yaml({"k": new}, self.indented)
        self.edits.append((colon, max(colon, self._end(old)), self._shift(written, column)[2:]))

    def _flow(self, old: Node, new: Any) -> str | None:
        """The text for a collection that stood on one line and still fits there; else None."""
        if isinstance(old, Alias | Scalar) or not old.flow or not isinstance(new, list | dict):
            return None
        written = to_yaml(new, flow=True).rstrip("\n")
        here = self._column(old)
        short = "\n" not in written and here + len(written) <= LONGEST
        return written if short and "\n" not in self.source.text[old.start : old.end] else None

    def _within(self, old: Node, new: Any) -> bool:
        """Change a block collection from within; False when it has to be replaced as a whole."""
        if isinstance(old, Alias) or old.anchor or old.tag:
            return False
        if isinstance(old, Mapping) and isinstance(new, dict) and new:
            plain_keys = all(
                isinstance(key, Scalar) and key.value != "<<" for key, _ in old.entries
            )
            kept = any(isinstance(k, Scalar) and k.value in new for k, _ in old.entries)
            if old.flow or not plain_keys or not kept:
                return False
            self.mapping(old, new)
            return True
        if isinstance(old, Sequence) and isinstance(new, list) and new and not old.flow:
            return bool(old.items) and self._sequence(old, new)
        return False

    def _sequence(self, old: Sequence, new: list[Any]) -> bool:
        dashes = [self._dash(item) for item in old.items]
        if None in dashes:
            return False
        column = self._column(old)
        before = [_canonical(plain(to_data(item))) for item in old.items]
        after = [_canonical(item) for item in new]
        changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        texts = all(isinstance(item, Scalar) for item in old.items)
        if texts and not any(kind == "equal" for kind, *_ in changes):
            return False
        for kind, i, j, k, m in changes:
            if kind == "equal":
                continue
            paired = min(j - i, m - k) if kind == "replace" else 0
            for at in range(paired):
                self._item(old.items[i + at], new[k + at], column)
            for item in old.items[i + paired : j]:
                start = self._dash(item)
                assert start is not None
                self._delete(start, item.end)
            if k + paired < m:
                place = self._line_start(dashes[0] or 0)
                if i + paired:
                    place = self._line_end(old.items[i + paired - 1].end)
                self._insert(place, new[k + paired : m], column)
        return True

    def _item(self, old: Node, new: Any, column: int) -> None:
        if self._within(old, new):
            return
        flow = self._flow(old, new)
        if flow is not None:
            self.edits.append((old.start, old.end, flow))
            return
        written = self._shift(to_yaml([new], self.indented), column)
        self.edits.append((old.start, self._end(old), written.removeprefix("- ")))

    def _dash(self, item: Node) -> int | None:
        """Where the dash of an item is; None when something stands before it on its line."""
        text = self.source.text
        dash = text.rfind("-", 0, item.start)
        line = self._line_start(dash)
        return (
            None
            if dash < 0 or text[line:dash].strip() or text[dash + 1 : item.start].strip()
            else dash
        )

    def _airy(self, node: Mapping) -> bool:
        """Whether blank lines stand between the entries of a mapping."""
        text = self.source.text
        entries = zip(node.entries, node.entries[1:], strict=False)
        between = (text[max(a.key.end, a.value.end - 1) : b.key.start] for a, b in entries)
        return any(not line.strip() for gap in between for line in gap.split("\n")[1:-1])

    def _insert(self, place: int, value: Any, column: int, airy: bool = False) -> None:
        """Put new entries or items at the start of a line, with a blank line before them if `airy`."""
        text = "\n" * airy + to_yaml(value, self.indented)
        lines = [" " * column + line if line.strip() else line for line in text.splitlines(True)]
        glue = "\n" if place and self.source.text[place - 1] not in "\r\n" else ""
        self.edits.append((place, place, glue + "".join(lines)))

    def _shift(self, written: str, column: int) -> str:
        """Further lines of a dumped text moved to a column; without the last line break."""
        first, *rest = written.removesuffix("\n").split("\n")
        return "\n".join([first, *(" " * column + line if line else line for line in rest)])

    def _delete(self, start: int, end: int) -> None:
        self.edits.append((self._line_start(start), self._line_end(end), ""))

    def _end(self, node: Node) -> int:
        """Where a value ends: without the line break after a block scalar."""
        text = self.source.text
        end = node.end
        while end > node.start and text[end - 1] in "\r\n":
            end -= 1
        return end

    def _column(self, node: Node) -> int:
        return self.source.position(node.start).column - 1

    def _line_start(self, offset: int) -> int:
        text = self.source.text
        return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1

    def _line_end(self, offset: int) -> int:
        """The start of the line after the one that something ends on."""
        text = self.source.text
        if offset and text[offset - 1] == "\n":
            return offset
        found = text.find("\n", offset)
        return len(text) if found < 0 else found + 1


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
