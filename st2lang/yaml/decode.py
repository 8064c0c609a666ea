"""Bytes of a file to text.

PyYAML reads UTF-8, and UTF-16 when a byte order mark says so; nothing else. A file in another
encoding still gives a text, with U+FFFD for what could not be read, so that the rest is analysed.
"""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from st2lang.problem import Problem
from st2lang.source import Source, Span
from st2lang.yaml.report import error

_MARKS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def decode(path: str, data: bytes) -> tuple[Source, tuple[Problem, ...]]:
    """The text of a file and, when it is not valid UTF-8 (or UTF-16 with a mark), a problem.

    The problem (`yaml-encoding`) is at the first character that could not be read.
    """
    mark, encoding = next(
        ((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    body = data[len(mark) :]
    try:
        return Source(path, body.decode(encoding), bool(mark)), ()
    except UnicodeDecodeError as wrong:
        offset = len(body[: wrong.start].decode(encoding, "replace"))
        text = body.decode(encoding, "replace")
        shown = " ".join(f"0x{byte:02x}" for byte in body[wrong.start : wrong.end])
        message = f"the file is not valid {_NAMES[encoding]}: {shown} cannot be read here"
        span = Span(offset, min(offset + 1, len(text)))
        hint = "Save the file as UTF-8."
        return Source(path, text, bool(mark)), (error("yaml-encoding", message, span, hint=hint),)
