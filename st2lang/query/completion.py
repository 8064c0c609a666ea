"""What may be typed at a place, ready to be accepted.

Nothing here waits for a check or reads a file that the question does not need: the text is parsed, the
rest is computed as far as the place asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from st2lang.query import cursor as cursors
from st2lang.query.complete import (
    actions,
    expressions,
    keys,
    parameters,
    rehearsing,
    snippets,
    targets,
    values,
)
from st2lang.query.complete.asking import Ask, Offer, Offers
from st2lang.query.complete.model import Answer, Completion, Hole, Sort, Topic, plain, snippet
from st2lang.query.cursor import Where
from st2lang.query.kinds import assumed
from st2lang.yaml import Style

if TYPE_CHECKING:
    from st2lang.document import Document
    from st2lang.query.complete.place import Slot
    from st2lang.query.workspace import Workspace

__all__ = ["Answer", "Completion", "Sort", "answer", "complete", "documentation"]

TRIGGERS = (".", "(", "%", "{", "|", "'", '"', " ", "\n")
"""Characters after which it is worth asking."""

MOST = 200
"""How many offers are given at once; with more, those that fit what has been typed."""

_IN_YAML = (targets, actions, parameters, rehearsing, keys, values, snippets)


def complete(
    document: Document, offset: int, trigger: str | None = None, workspace: Workspace | None = None
) -> tuple[Completion, ...]:
    """The offers at an offset, the best first.

    `trigger` is the character just typed because of which the editor asks by itself (one of `TRIGGERS`);
    None when the user asks or is typing a name. Works on text in any state and never raises.
    """
    return answer(document, offset, trigger, workspace).items


def answer(
    document: Document, offset: int, trigger: str | None = None, workspace: Workspace | None = None
) -> Answer:
    """`complete`, with whether there would be others for other letters."""
    document = assumed(document)
    cursor = cursors.at(document, offset)
    ask = Ask(cursor, trigger or "", workspace)
    found = _distinct(_offers(ask))
    ranked = sorted(enumerate(found), key=lambda pair: (pair[1][0].rank, pair[0]))
    items = [made for number, (_, offer) in enumerate(ranked) if (made := _made(offer, number))]
    if len(items) <= MOST:
        return Answer(tuple(items), ask.incomplete)
    fitting = [item for item in items if _fits(document.source.text, item, cursor.offset)]
    return Answer(tuple(fitting[:MOST]), True)


def _offers(ask: Ask) -> Offers:
    if ask.cursor.where is Where.COMMENT:
        return
    code = ask.code
    if code is not None:
        yield from expressions.offers(ask, code)
        return
    for slot in ask.slots:
        if _wanted(ask, slot):
            for module in _IN_YAML:
                yield from module.offers(ask, slot)


def _wanted(ask: Ask, slot: Slot) -> bool:
    """Whether the character that has just been typed is a reason to offer something in the YAML."""
    match ask.trigger:
        case "":
            return True
        case ".":
            return not slot.key and actions.is_reference(ask, slot.path)
        case " ":
            if slot.scalar is None:
                return slot.opened
            if not slot.typed:
                return slot.scalar.style is Style.PLAIN and slot.offset == slot.scalar.start
            behind = slot.typed.endswith(" ")
            return behind and (slot.typed.rstrip().endswith(",") or parameters.is_action(slot))
        case "\n":
            return slot.opened
        case "'" | '"':
            return not slot.key and slot.scalar is not None and not slot.typed
        case _:
            return False


def _distinct(offers: Iterable[Offer]) -> Iterator[Offer]:
    """Each label once: what two modules know is offered by the first."""
    seen = set()
    for offer in offers:
        mark = (offer[0].label, offer[0].sort is Sort.SNIPPET)
        if mark not in seen:
            seen.add(mark)
            yield offer


def _made(offer: Offer, number: int) -> Completion:
    idea, target = offer
    parts, edits = target.write(idea.text, idea.literal)
    holes = any(isinstance(part, Hole) for part in parts)
    text = plain(parts)
    return Completion(
        idea.label,
        idea.sort,
        target.span,
        snippet(parts) if holes else text,
        text,
        holes,
        edits,
        idea.detail,
        idea.documentation,
        idea.topic,
        f"{idea.rank}{number:04}",
        idea.filter,
        idea.preselect,
        idea.deprecated,
    )


def _fits(text: str, item: Completion, offset: int) -> bool:
    typed = text[item.span.start : offset].strip("'\"")
    return actions.matches(typed, item.filter_text)


def documentation(document: Document, topic: Topic) -> str:
    """Markdown about the topic of an offer, worked out only when somebody looks at it; "" if unknown."""
    from st2lang.query.topics import describe

    return describe(assumed(document), topic)
