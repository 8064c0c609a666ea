"""The nearest known name to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from st2lang.patterns import lazy

_DIGITS = lazy(r"\d+")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The member of `known` that `name` is most likely a slip of, or None when nothing is close.

    `task2` is no slip of `task1`: names that differ in their numbers alone are different names.
    """
    candidates = sorted({k for k in known if k != name})
    folded = name.casefold().replace("-", "_")
    for candidate in candidates:
        if candidate.casefold().replace("-", "_") == folded:
            return candidate
    import difflib  # only on the way to a message

    bare = _DIGITS.sub("", name)
    others = {c.casefold(): c for c in candidates if bare == name or _DIGITS.sub("", c) != bare}
    cutoff = 0.65 if len(name) < 6 else 0.7
    close = difflib.get_close_matches(name.casefold(), others, n=1, cutoff=cutoff)
    return others[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?` to put behind a message, or nothing."""
    found = nearest(name, known)
    return f"; did you mean `{found}`?" if found else ""


def listing(names: Iterable[str], conjunction: str = "or", most: int = 12) -> str:
    """`a`, `b` or `c` in back quotes; long lists are cut with a count of what is left out."""
    quoted = [f"`{n}`" for n in names]
    if len(quoted) > most:
        return ", ".join(quoted[:most]) + f" and {len(quoted) - most} more"
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + f" {conjunction} {quoted[-1]}"
