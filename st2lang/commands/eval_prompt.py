"""The conversation of `st2c eval`: asks for expressions, shows values and their types."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from st2lang.commands.eval import complain, evaluate
from st2lang.suggest import listing

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
    print(f"{_greeting(context)}; Tab completes, Ctrl-D ends.")
    for line in _asked(context, language):
        _answer(line, context, language)
    return 0


def _greeting(context: Any) -> str:
    names = (
        [name for name in context if not str(name).startswith("__")]
        if isinstance(context, dict)
        else []
    )
    if not names:
        return "There are no variables (--context FILE brings some)"
    return f"There {'is' if len(names) == 1 else 'are'} {listing(map(str, names), 'and', most=8)}"


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
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    kept = _history()
    session: PromptSession[str] = PromptSession(
        f"{language or 'yaql'}> ",
        history=FileHistory(kept) if kept else InMemoryHistory(),
        auto_suggest=AutoSuggestFromHistory(),
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


def _history() -> str | None:
    """The file that remembers what was asked, for its owner only; None where there can be none."""
    import os

    from platformdirs import user_state_dir

    folder = user_state_dir("st2lang")
    path = os.path.join(folder, "eval-history")
    try:
        os.makedirs(folder, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:
        return None
    return path


def _completer(context: Any, language: str | None) -> Completer:
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.document import Document

    from st2lang.commands.eval_complete import candidates

    class Words(Completer):
        def get_completions(self, document: Document, event: object) -> Iterable[Completion]:
            before = document.text_before_cursor
            typed = _WORD.search(before)
            word = typed[0] if typed else ""
            for text, kind in candidates(before, word, context, language):
                yield Completion(text, start_position=-len(word), display_meta=kind)

    return Words()
