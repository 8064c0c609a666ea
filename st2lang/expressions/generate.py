"""Writes the parse tables of the `.lark` grammars as Python modules: `_NAME_tables.py`.

Run `python -m st2lang.expressions.generate` after changing a grammar; `--check` exits with 1 when a
module is stale. Only this module needs Lark: it reads the notation and computes the LALR(1) automaton.
Shift/reduce conflicts are resolved here, by precedence, where Lark would always shift:

- Binding power is the priority of terminals (`STAR.7: "*"`) and of rules (`product.7: value STAR value`),
  from 1 (loosest) on. A rule is reduced when it binds at least as tightly as the token that follows it
  (left associative); a rule one weaker than its own token is right associative.
- A conflict without priorities on both sides is an error, as is every reduce/reduce conflict.

What of Lark's notation means something here: aliases (`-> name`), `?rule` (a single child stands for
itself), `_rule`, `x?`, `x*`, `x+`, `(...)`, `!rule`, `%ignore`, `%declare`; not `[x]`. A terminal named
anything but a string keeps its token in the tree. Regular terminals are tried in the order of the file.

The tables:

- `TERMINALS`: kind -> regular expression, in the order to try (those in `IGNORED` included);
  `LITERALS`: kind -> text, the longest first; `IGNORED`: the kinds between tokens.
- `STARTS`: start rule -> number of its first state.
- `RULES`: (rule, number of symbols, action, kept, spliced). The action is a name, "" (the value is the
  only kept symbol's) or "[]" (the value is the list of kept symbols). Kept and spliced are positions
  from the top of the stack (-1 is the last symbol); spliced ones hold lists to be inlined.
- `ROWS`: for each state, symbol -> next state, `~rule` to reduce, or 0 to accept at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

from lark.common import ParserConf
from lark.grammar import Rule, Terminal
from lark.lexer import PatternStr, TerminalDef
from lark.load_grammar import load_grammar
from lark.parsers.grammar_analysis import LR0ItemSet
from lark.parsers.lalr_analysis import LALR_Analyzer

from st2lang.expressions.lalr import ACCEPT, END, LIST, PASS

FOLDER = Path(__file__).parent

GRAMMARS = {
    "yaql": ("value",),
    "jinja": ("expression", "output", "tag"),
}
"""Grammar name -> its start rules."""

HEADER = '"""Made from {}.lark by `python -m st2lang.expressions.generate`. Do not edit."""\n'

TYPES = {
    "TERMINALS": "dict[str, str]",
    "LITERALS": "dict[str, str]",
    "IGNORED": "tuple[str, ...]",
    "STARTS": "dict[str, int]",
    "RULES": "tuple[tuple[str, int, str, tuple[int, ...], tuple[int, ...]], ...]",
    "ROWS": "tuple[dict[str, int], ...]",
}
"""The constants of a table module."""

Row = dict[str, int]


class GrammarError(Exception):
    """The grammar is not LALR(1), or uses a notation that the driver does not know."""


class RuleRecord(NamedTuple):
    """One line of `RULES`."""

    origin: str
    size: int
    action: str
    keep: tuple[int, ...]
    splice: tuple[int, ...]


def main(arguments: list[str]) -> int:
    """Writes the stale modules, or with `--check` names them and returns 1."""
    stale = []
    for name, starts in GRAMMARS.items():
        target = FOLDER / f"_{name}_tables.py"
        module = generate(name, (FOLDER / f"{name}.lark").read_text("utf-8"), starts)
        if not target.exists() or target.read_text("utf-8") != module:
            stale.append(target.name)
            if "--check" not in arguments:
                target.write_text(module, "utf-8", newline="\n")
    print(*stale or ["all tables are fresh"], sep="\n")
    return int("--check" in arguments and bool(stale))


def generate(name: str, grammar_text: str, starts: tuple[str, ...]) -> str:
    """The source of the table module for a grammar. Raises `GrammarError`."""
    grammar, _ = load_grammar(grammar_text, f"{name}.lark", [], False)  # type: ignore[no-untyped-call]
    terminals, rules, ignored = grammar.compile(list(starts), "*")
    records = [_record(rule) for rule in rules]
    first_states, rows = _automaton(rules, records, terminals, starts)
    literals = {t.name: t.pattern.value for t in terminals if isinstance(t.pattern, PatternStr)}
    constants = {
        "TERMINALS": {t.name: t.pattern.to_regexp() for t in terminals if t.name not in literals},
        "LITERALS": dict(sorted(literals.items(), key=lambda item: (-len(item[1]), item[1]))),
        "IGNORED": tuple(ignored),
        "STARTS": first_states,
        "RULES": tuple(tuple(record) for record in records),
        "ROWS": tuple(rows),
    }
    return HEADER.format(name) + "".join(
        f"\n{constant}: {TYPES[constant]} = {_literal(value)}\n"
        for constant, value in constants.items()
    )


def _literal(value: object) -> str:
    """A Python literal, one line for each item of the outermost tuple or dict."""
    if isinstance(value, dict):
        return "\n".join(["{", *(f"    {key!r}: {item!r}," for key, item in value.items()), "}"])
    if isinstance(value, tuple):
        return "\n".join(["(", *(f"    {item!r}," for item in value), ")"])
    raise TypeError(value)


def _record(rule: Rule) -> RuleRecord:
    """What the driver has to know about a rule."""
    size = len(rule.expansion)
    keep, splice = [], []
    for position, symbol in enumerate(rule.expansion, -size):
        if isinstance(symbol, Terminal) and symbol.filter_out:
            continue
        keep.append(position)
        if not symbol.is_term and symbol.name.startswith("_"):
            splice.append(position)
    if rule.options and any(rule.options.empty_indices):
        raise GrammarError(f"{rule}: write x? for [x]")
    action = rule.alias or str(rule.origin.name)
    if rule.origin.name.startswith("_"):
        action = LIST
    elif rule.options and rule.options.expand1 and not rule.alias and len(keep) == 1:
        if splice:
            raise GrammarError(f"{rule}: `?` cannot tell whether the list has one item")
        action = PASS
    return RuleRecord(str(rule.origin.name), size, str(action), tuple(keep), tuple(splice))


def _automaton(
    rules: list[Rule],
    records: list[RuleRecord],
    terminals: list[TerminalDef],
    starts: tuple[str, ...],
) -> tuple[Row, list[Row]]:
    """The first state of every start rule, and the rows of all states."""
    analyzer: Any = LALR_Analyzer(ParserConf(rules, {}, list(starts)))
    analyzer.compute_lr0_states()
    analyzer.compute_reads_relations()
    analyzer.compute_includes_lookback()
    analyzer.compute_lookaheads()
    numbers = {rule: number for number, rule in enumerate(rules)}
    priorities = {t.name: t.priority for t in terminals}
    states = _reachable([analyzer.lr0_start_states[start] for start in starts])
    order = {id(state): number for number, state in enumerate(states)}
    rows = [_row(state, order, numbers, priorities) for state in states]
    _skip_unit_rules(rows, records)
    return dict(zip(starts, range(len(starts)), strict=True)), _renumber(rows, len(starts))


def _reachable(first: list[LR0ItemSet]) -> list[LR0ItemSet]:
    """All states in an order that is the same every time."""
    states = list(first)
    known = {id(state) for state in states}
    for state in states:
        for _, follower in sorted(state.transitions.items(), key=lambda item: item[0].name):
            if id(follower) not in known:
                known.add(id(follower))
                states.append(follower)
    return states


def _row(
    state: LR0ItemSet,
    order: dict[int, int],
    numbers: dict[Rule, int],
    priorities: dict[str, int],
) -> Row:
    """The actions of one state, conflicts resolved."""
    row = {str(symbol.name): order[id(to)] for symbol, to in state.transitions.items()}
    for symbol, candidates in state.lookaheads.items():
        if len(candidates) > 1:
            raise GrammarError(
                f"{symbol.name}: reduce/reduce conflict of {sorted(map(str, candidates))}"
            )
        (rule,) = candidates
        kind = END if symbol.name == "$END" else str(symbol.name)
        if kind not in row or _reduces(rule, kind, priorities[kind]):
            row[kind] = ~numbers[rule]
    if any(item.rule not in numbers and item.is_satisfied for item in state.kernel):
        row[END] = ACCEPT
    return dict(sorted(row.items()))


def _reduces(rule: Rule, kind: str, token_priority: int) -> bool:
    """Whether a rule that could be reduced or continued with a token is reduced."""
    rule_priority = rule.options.priority if rule.options else None
    if not rule_priority or not token_priority:
        raise GrammarError(f"shift/reduce conflict between {rule} and {kind} without priorities")
    return rule_priority >= token_priority


def _skip_unit_rules(rows: list[Row], records: list[RuleRecord]) -> None:
    """Goes directly where a rule that only passes a value on would lead.

    A state that can do nothing but reduce `a: b` is never entered: what leads to it leads to where
    `a` leads from the same state.
    """
    units = {}
    for number, row in enumerate(rows):
        (action, *others) = set(row.values())
        if not others and action < 0:
            record = records[~action]
            if record.size == 1 and record.action == PASS:
                units[number] = record.origin
    for row in rows:
        for symbol, target in row.items():
            while target in units:
                target = row[units[target]]
            row[symbol] = target


def _renumber(rows: list[Row], starts: int) -> list[Row]:
    """The rows that can still be reached, in the order they are reached."""
    order = list(range(starts))
    for state in order:
        order += sorted({to for to in rows[state].values() if to > 0} - set(order))
    numbers = {state: number for number, state in enumerate(order)}
    return [
        {symbol: numbers[to] if to > 0 else to for symbol, to in rows[state].items()}
        for state in order
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
