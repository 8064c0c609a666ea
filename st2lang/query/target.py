"""Where something is to be found, in whichever file."""

from __future__ import annotations

from st2lang.query.symbol import Access
from st2lang.record import record
from st2lang.source import Span


@record
class Target:
    """A place to go to: `name` is what to select there, `span` all that is defined (`name` lies in it).

    `path` is the file's. `reaches` is False for a definition that is not on any path to where the question
    was asked.
    """

    path: str
    span: Span
    name: Span
    reaches: bool = True


@record
class Location:
    """A place where a thing is named."""

    path: str
    span: Span
    access: Access
