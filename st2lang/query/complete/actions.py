"""References of actions: by pack, then name; with several thousand of them the likeliest only.

Nothing is read from disk for it that the catalog does not know already: what metadata says of an action
is told when the editor asks for that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import TYPE_CHECKING

from st2lang.problem import SpecPath
from st2lang.query.complete.asking import Ask, Offers, Target
from st2lang.query.complete.model import Idea, Sort
from st2lang.query.complete.place import Slot
from st2lang.query.complete.slots import within
from st2lang.query.tree import root_of

if TYPE_CHECKING:
    from st2lang.catalog import Catalog

MOST = 100
"""How many actions are offered at once."""

_REST = re.compile(r"[\w.-]*")


def offers(ask: Ask, slot: Slot) -> Offers:
    """Actions where one is named."""
    catalog = ask.document.catalog
    if slot.key or catalog is None or not is_reference(ask, slot.path):
        return
    scalar = slot.scalar
    target: Target = slot.fresh
    typed = ""
    if scalar is not None:
        typed = slot.typed
        if slot.offset > scalar.end or re.search(r"[^\w.-]", typed):
            return
        rest = _REST.match(scalar.value, len(typed))
        target = within(slot, 0, rest.end() if rest else len(typed))
    for idea in _ideas(ask, catalog, typed):
        yield idea, target


def is_reference(ask: Ask, path: SpecPath) -> bool:
    """Whether a value names an action: in workflows, rules, aliases and policies."""
    match ask.document.kind, path:
        case "orquesta", ("tasks", _, "action"):
            return True
        case "action-chain", ("chain", _, "ref"):
            return True
        case "rehearsal", ("mock_action_executions", _, "action"):
            return True
        case "unknown", ("action", "ref") | ("action_ref",) | ("resource_ref",):
            root = root_of(ask.document)
            return root is not None and (len(path) == 1 or "trigger" in root)
    return False


def _ideas(ask: Ask, catalog: Catalog, typed: str) -> Iterator[Idea]:
    refs = catalog.action_refs()
    home = catalog.home.ref if catalog.home is not None else ""
    packs = dict.fromkeys(ref.partition(".")[0] for ref in refs)
    many = len(refs) > MOST
    ask.incomplete |= many
    if not many:
        chosen: Iterable[str] = refs
    elif typed:
        chosen = likeliest(refs, typed, home)
    else:
        chosen = [ref for ref in refs if ref.partition(".")[0] in (home, "core")][:MOST]
    for ref in chosen:
        pack = ref.partition(".")[0]
        rank = 2 if pack == home else 3 if pack == "core" else 4
        yield Idea(ref, Sort.ACTION, rank=3 if typed and many else rank, topic=("action", ref))
    if many and "." not in typed:
        for pack in packs:
            if matches(typed, pack):
                yield Idea(pack, Sort.PACK, (f"{pack}.",), rank=6, detail="pack")


def likeliest(refs: Iterable[str], typed: str, home: str) -> list[str]:
    """The references that have the typed letters in this order, the best ones first."""
    pattern = re.compile(".*?".join(map(re.escape, typed)), re.IGNORECASE)
    wanted = typed.lower()
    found = (
        (*_score(ref, match.start(), match.end(), wanted), not ref.startswith(f"{home}."), ref)
        for ref in refs
        if (match := pattern.search(ref)) is not None
    )
    return [entry[-1] for entry in nsmallest(MOST, found)]


def _score(ref: str, start: int, end: int, wanted: str) -> tuple[int, int, int]:
    """How well letters fit: at the start of the reference, of the name, together, spread."""
    lower = ref.lower()
    if lower.startswith(wanted):
        return 0, 0, len(ref)
    if lower.partition(".")[2].startswith(wanted):
        return 1, 0, len(ref)
    at = lower.find(wanted)
    if at >= 0:
        return (2 if not lower[at - 1].isalnum() else 3), at, len(ref)
    return 4, end - start, start


def matches(typed: str, name: str) -> bool:
    """Whether a name has the typed letters in their order."""
    letters = iter(name.lower())
    return all(letter in letters for letter in typed.lower())
