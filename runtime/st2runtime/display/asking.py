"""The questions of an inquiry (`core.ask`), put to the person at the terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from st2lang.catalog.models import mapping, types_of
from st2lang.catalog.values import check_against, words_for
from st2lang.commands.terminal import printable
from st2runtime.actions import arguments


class InterruptedAskingError(Exception):
    """The person has pressed Ctrl-C (or closed the input) instead of answering."""


async def ask(schema: Mapping[str, Any], about: str, error: str = "") -> dict[str, Any]:
    """The answers to the properties of a schema, each asked for until it fits.

    `about` says who asks, `error` what was wrong with the answers before. An empty answer is the default,
    or no answer where none is required. Raises `InterruptedAskingError`.
    """
    from prompt_toolkit import PromptSession

    session: Any = PromptSession()
    print(f"? {printable(about)} asks{': ' + printable(error) if error else ''}")
    answers: dict[str, Any] = {}
    properties = mapping(schema.get("properties"))
    for name, each in properties.items():
        found = await _one(session, name, mapping(each), _required(schema, name, mapping(each)))
        if found is not None:
            answers[name] = found
    return answers


def _required(schema: Mapping[str, Any], name: str, own: Mapping[str, Any]) -> bool:
    """As draft 3 says it (in the property) or draft 4 (in a list beside the properties)."""
    names = schema.get("required")
    return own.get("required") is True or (isinstance(names, list) and name in names)


async def _one(session: Any, name: str, schema: Mapping[str, Any], required: bool) -> Any:
    secret = schema.get("secret") is True
    question = _question(name, schema, required)
    while True:
        try:
            text = await session.prompt_async(question, is_password=secret)
        except (KeyboardInterrupt, EOFError) as interrupt:
            raise InterruptedAskingError from interrupt
        if not text.strip():
            if "default" in schema:
                return schema["default"]
            if not required:
                return None
            print("  an answer is needed")
            continue
        found, wrong = _read(name, text.strip(), schema)
        if not wrong:
            return found
        print(f"  {printable(wrong)}")


def _question(name: str, schema: Mapping[str, Any], required: bool) -> str:
    about = schema.get("description")
    lead = f"  {printable(about.strip())}\n" if isinstance(about, str) and about.strip() else ""
    hints = [words_for(types_of(schema))] if types_of(schema) else []
    options = schema.get("enum")
    if isinstance(options, list):
        hints = [" or ".join(map(str, options))]
    if "default" in schema:
        hints.append(f"default {json.dumps(schema['default'], ensure_ascii=False)}")
    elif not required:
        hints.append("optional")
    return f"{lead}  {printable(name)} ({printable(', '.join(hints))}): "


def _read(name: str, text: str, schema: Mapping[str, Any]) -> tuple[Any, str]:
    """The answer by its type, or what is wrong with it. `y` and `no` are truth values as well."""
    if types_of(schema) == ("boolean",):
        text = {"y": "true", "yes": "true", "n": "false", "no": "false"}.get(text.lower(), text)
    try:
        found = arguments.typed(text, schema)
    except ValueError as error:
        return None, f"{name} expects {words_for(types_of(schema))}: {error}"
    wrong = check_against(schema, found)
    return found, f"{name} {wrong}" if wrong else ""
