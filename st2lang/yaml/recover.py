"""A tree for broken text.

libyaml stops at the first error and its place is often far from the mistake: an unclosed quote is
found at the end of the file. So a text that it refuses is taken apart along its indentation, which
people keep right even while they type, and put together again from the parts that it accepts:

1. A *region* (the file, or the block below a key or a `-`) is offered to the parser. If it accepts,
   the nodes are used as they are.
2. If not, the region is cut into its *entries*, at the lines that are indented like the first one,
   and each entry is offered on its own. The parts are slices of the same text, so every offset is
   the original one plus a constant, and nothing has to be mapped back.
3. An entry that is refused is the neighbourhood of a mistake. When it is `key:` (or `-`) with a
   region below, that region is recovered in the same way, one level deeper.
4. What remains is a single value or line. It is looked at by hand (`leaves.py`): a key
   without colon, an unclosed quote or bracket, an unquoted expression … Each gives one problem and
   the likeliest reading: the half-typed word becomes a key without a value, the quote is closed
   where the line ends, the expression is taken as text.

Each part is offered once for every level that it lies below the failure, so the cost is that of
parsing times the depth of the broken places, and mistakes in different entries never hide or
multiply one another. Indentation itself can be the mistake, and is reported as such: a line between
two levels joins the entries it stands among (or the mapping around them, when its own block is as deep
as they are), and a block that is indented below a finished value joins that value's mapping.

Other ways that were weighed: repairing the text and parsing it again from the start costs one
parse of the file for each mistake, and a wrong guess moves the error instead of removing it;
tree-sitter-yaml repairs by itself, but it may drop or reinterpret text far away from the mistake,
does not read YAML 1.1 as libyaml does, and does not say in words what was expected.
"""

from __future__ import annotations

from st2lang.patterns import lazy
from st2lang.problem import SpecPath
from st2lang.source import Span
from st2lang.yaml.build import MAX_DEPTH, Builder
from st2lang.yaml.events import Failure
from st2lang.yaml.leaves import Leaves
from st2lang.yaml.lines import DASH, KEY, Line, is_content, lines_of, opening, without_comment
from st2lang.yaml.nodes import Mapping, Node, Sequence
from st2lang.yaml.report import step
from st2lang.yaml.scalars import BREAKS

_MARKER = lazy(rf"(?:\A|(?<=[{BREAKS}]))(---|\.\.\.)(?=\s|\Z)")
_DIRECTIVES = lazy(rf"(?:(?:%[^{BREAKS}]*|[ \t]*(?:#[^{BREAKS}]*)?)(?:\r\n|[{BREAKS}]))*\Z")
_HELD = 50_000
"""How far the end of a bracket or quote that runs over several lines is looked for."""


class Recovery:
    """Recovers the documents of one text that the parser has refused."""

    def __init__(self, builder: Builder, text: str) -> None:
        self.builder = builder
        self.text = text
        self.broken: list[Span] = []
        self.leaves = Leaves(self)
        self._outer: list[Node] = []
        """Keys and values that were found in a block but belong to the mapping around it."""

    def documents(self, first: Failure) -> tuple[list[Node], list[int]]:
        """All documents and where they start. `first` is what the parser said about the whole."""
        found: list[Node] = []
        starts: list[int] = []
        for start, end, explicit in _documents(self.text):
            self.builder.anchors = {}
            node = self.region(self.text[start:end], start, ())
            if node is None and not explicit:
                continue
            found.append(node or self.leaves.empty(start))
            starts.append(start - 3 if explicit else start)
        if not self.builder.problems:
            self.leaves.generic(first, Span(0, len(self.text)), ())
        return found, starts

    def attempt(
        self, chunk: str, base: int, path: SpecPath, appended: int = 0
    ) -> Node | Failure | None:
        """The node of a chunk, None when there is none, or why the parser refuses it.

        Nothing of a refused chunk is kept. `appended` as for `Builder.read`.
        """
        builder = self.builder
        problems, aliases, anchors = len(builder.problems), len(builder.aliases), builder.anchors
        builder.anchors = dict(anchors)
        documents, _, failure = builder.read(chunk, base, path, appended)
        if failure is None and len(documents) <= 1:
            return documents[0] if documents else None
        del builder.problems[problems:], builder.aliases[aliases:]
        builder.anchors = anchors
        return failure or Failure("several documents", base)

    def region(self, chunk: str, base: int, path: SpecPath) -> Node | None:
        """The node of a block, recovered as far as possible; None for blanks and comments only."""
        made = self.attempt(chunk, base, path)
        if not isinstance(made, Failure):
            return made
        problems = len(self.builder.problems)
        lines = list(lines_of(chunk))
        content = [line for line in lines if is_content(chunk, line)]
        whole = _content_span(chunk, base)
        if not content or len(path) >= MAX_DEPTH:
            node: Node = self.leaves.empty(whole.start)
        elif DASH.match(chunk, content[0].content):
            node = self._sequence(chunk, base, path, lines, content[0].indent)
        elif _is_mapping(chunk, content):
            node = self._mapping(chunk, base, path, lines, content[0].indent)
        else:
            node = self.leaves.value(chunk, content[0].content, base, path)
        if len(self.builder.problems) == problems:
            self.leaves.generic(made, whole, path)
        return node

    def _sequence(
        self, chunk: str, base: int, path: SpecPath, lines: list[Line], column: int
    ) -> Sequence:
        items: list[Node] = []
        start = base + next(line.content for line in lines if is_content(chunk, line))
        for head, stop in _entries(chunk, lines, column, dashes=True):
            part, offset = chunk[head.start : stop], base + head.start
            here = (*path, len(items))
            if head.indent < column:
                self.leaves.wrong_indent(head, column, base, path)
            dash = DASH.match(chunk, head.content)
            if dash is None:
                self.leaves.missing_dash(chunk, head, base, path)
            else:
                at = head.content - head.start
                part = f"{part[:at]} {part[at + 1 :]}"
            node = self.region(part, offset, here)
            after_dash = base + head.content + 1
            items.append(node if node is not None else self.leaves.empty(after_dash))
        return Sequence(tuple(items), start, max(items[-1].end, start) if items else start)

    def _mapping(
        self, chunk: str, base: int, path: SpecPath, lines: list[Line], column: int
    ) -> Mapping:
        children: list[Node] = []
        start = base + next(line.content for line in lines if is_content(chunk, line))
        for head, stop in _entries(chunk, lines, column, dashes=False):
            part, offset = chunk[head.start : stop], base + head.start
            if head.indent < column:
                self.leaves.wrong_indent(head, column, base, path)
                around = _around(path)
                if around is not None and _has_block(part, column):
                    found: list[Node] = []
                    self.entry(part, offset, around, found)
                    self._outer += found
                    continue
            self.entry(part, offset, path, children)
        end = max((child.end for child in children), default=start)
        return self.builder.mapping_at(children, start, end, path)

    def entry(self, chunk: str, base: int, path: SpecPath, children: list[Node]) -> None:
        """Adds the key and value of one entry to `children`; of several, when they belong there."""
        outer, self._outer = self._outer, []
        self._entry(chunk, base, path, children)
        children += self._outer
        self._outer = outer

    def _entry(self, chunk: str, base: int, path: SpecPath, children: list[Node]) -> None:
        made = self.attempt(chunk, base, path)
        if isinstance(made, Mapping):
            children += [part for entry in made.entries for part in entry]
            return
        lines = lines_of(chunk)
        head = next(line for line in lines if is_content(chunk, line))
        match = KEY.match(chunk, head.content, head.end)
        if match is None:
            self.leaves.keyless(chunk, head, base, path, children)
            return
        key = self.leaves.key(chunk, match, base)
        here = (*path, step(key))
        rest = without_comment(chunk[match.end() : head.end]).strip()
        children.append(key)
        if rest and not _only_properties(rest):
            at = head.end - len(chunk[match.end() : head.end].lstrip())
            self.leaves.after_key(chunk, head, at, base, here, children)
        else:
            body = self.region(chunk[head.next :], base + head.next, here)
            children.append(body if body is not None else self.leaves.empty(base + match.end()))

    def give_up(self, start: int, end: int) -> None:
        """Remembers a place of the text as broken."""
        self.broken.append(Span(start, max(start, end)))


def _documents(text: str) -> list[tuple[int, int, bool]]:
    """Where the contents of the documents start and end, and whether a `---` stands before."""
    found: list[tuple[int, int, bool]] = []
    start, explicit = 0, False
    for marker in _MARKER.finditer(text):
        if _DIRECTIVES.match(text, start, marker.start()) is None or explicit:
            found.append((start, marker.start(), explicit))
        start, explicit = marker.end(), marker.group() == "---"
    if text[start:].strip() or explicit:
        found.append((start, len(text), explicit))
    return found


def _is_mapping(chunk: str, content: list[Line]) -> bool:
    """Whether a region has keys: at its first line, or at a later one with the same indentation."""
    first = content[0]
    if KEY.match(chunk, first.content, first.end):
        return True
    if chunk[first.content] in "[{\"'|>":
        return False
    return any(
        line.indent <= first.indent and KEY.match(chunk, line.content, line.end)
        for line in content[1:]
    )


def _entries(chunk: str, lines: list[Line], column: int, dashes: bool) -> list[tuple[Line, int]]:
    """The head lines of the entries at a column, each with the offset where its entry ends.

    In a mapping, a list under a key may stand at the column of the key: a line with a dash goes on
    with the entry before. So does a line inside a bracket or quote that was opened before.
    """
    heads: list[Line] = []
    held = 0
    limit = column
    for line in lines:
        if line.indent > limit or line.start < held or not is_content(chunk, line):
            continue
        dash = DASH.match(chunk, line.content) is not None
        if heads and dash and not dashes and line.indent == column:
            continue
        if heads and not dash and not _plain_key(chunk, line):
            held = _closed_at(chunk, heads[-1])
            if line.start < held:
                continue
        heads.append(line)
        limit = line.indent if line.indent < column and _opens_block(chunk, line) else column
    ends = [head.start for head in heads[1:]] + [len(chunk)]
    return list(zip(heads, ends, strict=True))


def _opens_block(chunk: str, line: Line) -> bool:
    """Whether a line is a key without a value on the line."""
    match = KEY.match(chunk, line.content, line.end)
    return match is not None and not without_comment(chunk[match.end() : line.end]).strip()


def _around(path: SpecPath) -> SpecPath | None:
    """The path of the mapping around a block, None when there is none."""
    for at in range(len(path) - 1, -1, -1):
        if isinstance(path[at], str):
            return path[:at]
    return None


def _has_block(part: str, column: int) -> bool:
    """Whether a misplaced entry has a block at the column of those it stands among.

    It then is a neighbour of the key above them.
    """
    content = [line for line in lines_of(part) if is_content(part, line)]
    return len(content) > 1 and content[1].indent == column and _opens_block(part, content[0])


def _plain_key(chunk: str, line: Line) -> bool:
    match = KEY.match(chunk, line.content, line.end)
    return match is not None and match["key"][0] not in "\"'"


def _closed_at(chunk: str, head: Line) -> int:
    """Where the bracket or quote that the head line's value starts with is closed; 0 if never."""
    match = KEY.match(chunk, head.content, head.end) or DASH.match(chunk, head.content)
    at = match.end() if match else head.content
    at += len(chunk[at : head.end]) - len(chunk[at : head.end].lstrip())
    if at >= head.end or chunk[at] not in "[{\"'":
        return 0
    return opening(chunk[: at + _HELD], at).end


def _only_properties(rest: str) -> bool:
    return all(word[0] in "&!" for word in rest.split())


def _content_span(chunk: str, base: int) -> Span:
    text = chunk.strip()
    start = base + len(chunk) - len(chunk.lstrip())
    return Span(start, start + len(text))
