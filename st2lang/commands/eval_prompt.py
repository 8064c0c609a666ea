"""The conversation of `st2c eval`: asks for expressions, shows values and their types."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from st2lang.commands.eval import complain, evaluate

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

_WORD = re.compile(r"[\w$]*$")


def converse(context: Any, language: str | None) -> int:
    """Evaluate one expression after the other, until the input ends; gives the exit code.

    On a terminal that is 0; in a pipe 1 when an expression has failed.
    """
    if not sys.stdin.isatty():
        results = [_answer(line.rstrip("\r\n"), context, language) for line in sys.stdin]
        return 0 if all(results) else 1
    print("Expressions are evaluated; Tab completes, Ctrl-D ends.")
    for line in _asked(context, language):
        _answer(line, context, language)
    return 0


def _answer(line: str, context: Any, language: str | None) -> bool:
    """Show what a line gives; False when it fails."""
    if not line.strip():
        return True
    from st2lang.evaluation import EvaluationError
    from st2lang.evaluation.output import to_json
    from st2lang.types import of_value

    try:
        value = evaluate(line.strip(), context, language)
        shown = to_json(value, indent=2)
    except EvaluationError as error:
        complain(error)
        return False
    print(f"{shown}  : {of_value(value)}")
    return True


def _asked(context: Any, language: str | None) -> Iterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    session: PromptSession[str] = PromptSession(
        f"{language or 'yaql'}> ",
        history=FileHistory(_history()),
        completer=_completer(context, language),
        complete_while_typing=False,
    )
    while True:
        try:
            yield session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _history() -> str:
    import os

    from platformdirs import user_state_dir

    folder = user_state_dir("st2lang")
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, "eval-history")


def _completer(context: Any, language: str | None) -> Completer:
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.document import Document

    class Words(Completer):
        def get_completions(self, document: Document, event: object) -> Iterable[Completion]:
            before = document.text_before_cursor
            typed = _WORD.search(before)
            word = typed[0] if typed else ""
            for text, kind in candidates(before, word, context, language):
                yield Completion(text, start_position=-len(word), display_meta=kind)

    return Words()


def candidates(before: str, word: str, context: Any, language: str | None) -> list[tuple[str, str]]:
    """What may stand where a word begins, and what it is: variables, keys and functions.

    `before` is the text up to the cursor, the word included.
    """
    from st2lang import functions

    table = {"chain": "jinja-chain"}.get(language or "", language or "yaql")
    if "<%" in before:
        table = "yaql"
    elif "{{" in before or "{%" in before:
        table = "jinja-chain" if language == "chain" else "jinja"
    found = [(key, "key") for key in _keys(context) if key.startswith(word)]
    kind = functions.Kind.FILTER if re.search(r"\|\s*\w*$", before) else functions.Kind.FUNCTION
    if kind is functions.Kind.FILTER:
        found = []
    found += [(name, kind.value) for name in functions.names(table, kind) if name.startswith(word)]
    return found


def _keys(value: Any, depth: int = 3) -> list[str]:
    """The keys of a dict and of the dicts in it."""
    keys: dict[str, None] = {}
    if isinstance(value, dict) and depth:
        for key, part in value.items():
            if isinstance(key, str) and not key.startswith("__"):
                keys[key] = None
            keys.update(dict.fromkeys(_keys(part, depth - 1)))
    return list(keys)
