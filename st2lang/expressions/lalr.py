"""Runs the LALR(1) tables that `generate.py` writes, so that nothing imports Lark at run time.

A grammar becomes a parser in four steps:

1. Write `NAME.lark`; list it in `GRAMMARS` of `generate.py`; run `python -m st2lang.expressions.generate`.
   That writes `_NAME_tables.py` (see `generate.py` for what of Lark's notation is understood).
2. Make tokens: plain tuples `(kind, text, start, end)`, the last one of kind `END` at the end of the
   text. `Lexer(tables)` does it for a language of regular tokens; a language with lexer states brings
   its own function. A kind that the grammar does not know (`ERROR`) is simply unexpected everywhere.
3. Write one function for each alias (or rule without alias), called as `function(span, *children)`.
   Children are what other functions returned, and the token tuples of *named* terminals; tokens
   written as strings in the grammar are left out. The items of `x*`, `x+` and of rules named `_x` become
   children of the rule around them. `?rule` with one child is that child, no function is called.
   A function rejects what the grammar cannot by raising `errors.Rejection`.
4. `Parser(tables, {"alias": function}, words).parse(tokens)` gives the tree or the error.

Keywords that may also be names: tell `Parser` with `fallback={"IF": "NAME"}`; where the keyword cannot
stand, the token is taken as the other kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Generic, Protocol, TypeVar, cast

from st2lang.expressions.errors import ExpressionSyntaxError, Rejection, unexpected
from st2lang.source import Span

Token = tuple[str, str, int, int]
"""Kind, text, start offset, end offset."""

Words = tuple[tuple[str, frozenset[str]], ...]
"""Phrases for error messages, each standing for a set of terminals that are expected together."""

END = "END"
ERROR = "ERROR"
ACCEPT = 0
PASS = ""
LIST = "[]"

T = TypeVar("T")


class Tables(Protocol):
    """A generated module. `generate.py` describes the fields."""

    TERMINALS: dict[str, str]
    LITERALS: dict[str, str]
    IGNORED: tuple[str, ...]
    STARTS: dict[str, int]
    RULES: tuple[tuple[str, int, str, tuple[int, ...], tuple[int, ...]], ...]
    ROWS: tuple[dict[str, int], ...]


class Lexer:
    """Cuts text into the tokens of a grammar, ignored terminals left out.

    The first regular terminal of the grammar file that matches wins, then the longest literal; a token
    whose whole text is a literal has the literal's kind (keywords). A character that begins no
    token is the last one, of kind `ERROR`. Regular terminals must have no capturing groups.
    """

    def __init__(self, tables: Tables) -> None:
        self._literals = {text: kind for kind, text in tables.LITERALS.items()}
        patterns = dict(tables.TERMINALS)
        ignored = "|".join(patterns.pop(kind) for kind in tables.IGNORED)
        choices = [f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items()]
        choices.append(f"(?P<LITERAL>{'|'.join(map(re.escape, self._literals))})")
        choices.append(rf"(?P<{END}>\Z)|(?P<{ERROR}>[\s\S])")
        skip = f"(?:{ignored})*+" if ignored else ""
        self._matches = re.compile(f"{skip}(?:{'|'.join(choices)})").finditer

    def tokenize(self, text: str) -> list[Token]:
        """The tokens of the text and `END`, or those up to the first `ERROR`."""
        kind_of, tokens = self._literals.get, []
        for match in self._matches(text):
            group = match.lastgroup or ERROR
            start, end = match.span(group)
            word = text[start:end]
            tokens.append((kind_of(word, group), word, start, end))
            if group in (END, ERROR):
                break
        return tokens


class Parser(Generic[T]):
    """A shift/reduce automaton with an action for every rule."""

    def __init__(
        self,
        tables: Tables,
        actions: Mapping[str, Callable[..., object]],
        words: Words = (),
        fallback: Mapping[str, str] | None = None,
    ) -> None:
        self._rows = tables.ROWS
        self._starts = tables.STARTS
        self._literals = tables.LITERALS
        self._words = words
        self._fallback = fallback or {}
        self._rules = [
            (origin, size, _builder(action, actions, keep, splice))
            for origin, size, action, keep, splice in tables.RULES
        ]

    def parse(self, tokens: Iterable[Token], start: str = "start") -> T | ExpressionSyntaxError:
        """What the start rule's action returns, or why the tokens are not in the language.

        `tokens` is read one at a time, never beyond the first error.
        """
        seen: list[str] = []
        try:
            return self._run(tokens, start, seen)
        except Rejection as rejection:
            return rejection.error

    def _run(
        self, tokens: Iterable[Token], start: str, seen: list[str]
    ) -> T | ExpressionSyntaxError:
        """The automaton. `seen` receives the kinds of the tokens that were shifted."""
        rows, rules = self._rows, self._rules
        states, begins, end = [self._starts[start]], [0], 0
        values: list[Any] = []
        for token in tokens:
            kind, _, begin, _ = token
            while (action := rows[states[-1]].get(kind)) != ACCEPT:
                if action is None:
                    kind = self._fallback.get(kind, "")
                    if kind not in rows[states[-1]]:
                        return self._unexpected(token, start, seen)
                    token = (kind, *token[1:])
                elif action > 0:
                    states.append(action)
                    values.append(token)
                    begins.append(begin)
                    seen.append(kind)
                    end = token[3]
                    break
                else:
                    origin, size, build = rules[~action]
                    first = begins[-size] if size else begin
                    value = build(values, first, max(first, end))
                    if size:
                        del states[-size:], values[-size:], begins[-size:]
                    states.append(rows[states[-1]][origin])
                    values.append(value)
                    begins.append(first)
            else:
                return cast("T", values[-1])
        raise ValueError("the tokens have no END")

    def _unexpected(self, token: Token, start: str, seen: list[str]) -> ExpressionSyntaxError:
        """The error for a token, with all that could have been there.

        Reductions may already have forgotten some of it (their lookaheads are merged over contexts),
        so the states are computed again from the tokens.
        """
        states = [self._starts[start]]
        for kind in seen:
            self._shift(states, kind)
        candidates = [kind for kind in self._rows[states[-1]] if kind.isupper()]
        possible = {kind for kind in candidates if self._shift(states.copy(), kind)}
        return unexpected(Span(*token[2:]), token[1], self._phrases(possible))

    def _shift(self, states: list[int], kind: str) -> bool:
        """Moves the states over a token; False when it is not acceptable."""
        while (action := self._rows[states[-1]].get(kind)) is not None and action < 0:
            origin, size, _ = self._rules[~action]
            del states[len(states) - size :]
            states.append(self._rows[states[-1]][origin])
        if action is not None:
            states.append(action)
        return action is not None

    def _phrases(self, kinds: set[str]) -> tuple[str, ...]:
        """The words for a set of terminals: groups first, then literals, the end last."""
        phrases = []
        for phrase, group in self._words:
            if group <= kinds:
                phrases.append(phrase)
                kinds = kinds - group
        phrases += sorted(f"`{self._literals.get(kind, kind)}`" for kind in kinds - {END})
        return (*phrases, "the end of the expression") if END in kinds else tuple(phrases)


Build = Callable[[list[Any], int, int], Any]


def _builder(
    action: str,
    actions: Mapping[str, Callable[..., object]],
    keep: tuple[int, ...],
    splice: tuple[int, ...],
) -> Build:
    """What makes the value of a rule from the top of the value stack and the begin and end offsets."""
    if action == PASS:
        return lambda values, begin, end: values[keep[0]]
    if action == LIST:
        return lambda values, begin, end: _gather(values, keep, splice)
    function = actions[action]
    if splice:
        return lambda values, begin, end: function(Span(begin, end), *_gather(values, keep, splice))
    if not keep:
        return lambda values, begin, end: function(Span(begin, end))
    if len(keep) == 1:
        return lambda values, begin, end: function(Span(begin, end), values[keep[0]])
    pick = itemgetter(*keep)
    return lambda values, begin, end: function(Span(begin, end), *pick(values))


def _gather(values: list[Any], keep: tuple[int, ...], splice: tuple[int, ...]) -> list[Any]:
    """The children of a rule, lists inlined. A list in front is extended, to stay linear."""
    if keep and keep[0] in splice:
        items = values[keep[0]]
        keep = keep[1:]
    else:
        items = []
    for position in keep:
        if position in splice:
            items += values[position]
        else:
            items.append(values[position])
    return items  # type: ignore[no-any-return]
