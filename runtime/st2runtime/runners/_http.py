"""A request out of parameters, by the rules of StackStorm's HTTP runner and of `requests` below it."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from st2lang.record import record
from st2runtime.runners._outcomes import strings
from st2runtime.runners._output import strict_json

AGENT = "st2/v3.8.0 (st2lang)"


class BadRequestError(Exception):
    """The parameters make no request; the message says why."""


@record
class Request:
    """What to send, as httpx takes it."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None
    files: Any
    auth: tuple[str, str] | None


def request_from(parameters: Mapping[str, Any], mine: Mapping[str, Any], ref: str) -> Request:
    """The request that the runner's `parameters` and those of the action, `mine`, ask for.

    Raises BadRequestError.
    """
    url = parameters.get("url")
    if not isinstance(url, str) or not url:
        raise BadRequestError("`url` must be given: the address to send the request to")
    _check_host(url, parameters)
    headers = _headers(parameters.get("headers"))
    body, files = mine.get("body"), _files(mine)
    is_json = _header(headers, "content-type") == "application/json"
    content = None if files else _content(body, is_json)
    if content is not None and isinstance(body, Mapping) and not is_json:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    if _header(headers, "user-agent") is None:
        headers["User-Agent"] = AGENT
    headers["X-Stanley-Action"] = ref.partition(".")[2] or ref
    return Request(
        method=str(mine.get("method") or ("POST" if files or body else "GET")).upper(),
        url=_with_query(url, mine.get("params")),
        headers=headers,
        content=content,
        files=files,
        auth=_auth(parameters, mine.get("auth")),
    )


def _headers(given: Any) -> dict[str, str]:
    """From a mapping, or the old form `Name=value,Other=value`. A length is left to the client."""
    if isinstance(given, str):
        pairs = [part.partition("=") for part in strings(given)]
        given = {name.strip(): value.strip() for name, _, value in pairs}
    if not isinstance(given, Mapping | None):
        raise BadRequestError("`headers` must be a mapping of names to values")
    told = {str(name): "" if value is None else str(value) for name, value in (given or {}).items()}
    return {name: value for name, value in told.items() if name.lower() != "content-length"}


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for known, value in headers.items() if known.lower() == name), None)


def _content(body: Any, is_json: bool) -> bytes | None:
    """The body: JSON written anew when the request says that it is JSON, else as it is."""
    if body is None:
        return None
    if is_json:
        return json.dumps(_data(body), separators=(",", ":"), ensure_ascii=False).encode()
    if isinstance(body, Mapping):
        return _encoded(body).encode()
    return str(body).encode()


def _data(body: Any) -> Any:
    """What a text says as JSON, else as a Python literal."""
    if not isinstance(body, str):
        return body
    try:
        return strict_json(body.strip())
    except (ValueError, RecursionError):
        pass
    try:
        value = ast.literal_eval(body)
        json.dumps(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise BadRequestError(
            "the body is no JSON, but the header Content-Type says `application/json`"
        ) from None
    return value


def _files(mine: Mapping[str, Any]) -> Any:
    name, content = mine.get("file_name"), mine.get("file_content")
    if not name or not content:
        return None
    kind = mine.get("file_content_type")
    part = (
        (str(name), str(content).encode(), str(kind))
        if kind
        else (str(name), str(content).encode())
    )
    return {str(name): part}


def _with_query(url: str, params: Any) -> str:
    """The URL with parameters behind those that it has."""
    if not params:
        return url
    if not isinstance(params, Mapping):
        raise BadRequestError("`params` must be a mapping of names to values")
    query = _encoded(params)
    bare, hash_, fragment = url.partition("#")
    separator = "" if not query else "&" if "?" in bare else "?"
    return f"{bare}{separator}{query}{hash_}{fragment}"


def _encoded(values: Mapping[str, Any]) -> str:
    """As `requests` writes it: lists repeat the name, null leaves it out."""
    pairs = []
    for name, value in values.items():
        parts = value if isinstance(value, list | tuple | Mapping) else [value]
        pairs += [(name, part) for part in parts if part is not None]
    return urlencode(pairs, doseq=True)


def _auth(parameters: Mapping[str, Any], given: Any) -> tuple[str, str] | None:
    """By `username` and `password`, else by `auth`: `user:password`, or a list of the two."""
    username, password = parameters.get("username"), parameters.get("password")
    if username or password:
        return str(username or ""), str(password or "")
    if not given:
        return None
    pair = given.split(":", 1) if isinstance(given, str) else given
    if isinstance(pair, list | tuple) and len(pair) == 2:
        return str(pair[0]), str(pair[1])
    raise BadRequestError("`auth` must be `user:password`")


def _check_host(url: str, parameters: Mapping[str, Any]) -> None:
    refused = strings(parameters.get("url_hosts_blacklist"))
    allowed = strings(parameters.get("url_hosts_whitelist"))
    if refused and allowed:
        raise BadRequestError(
            '"url_hosts_blacklist" and "url_hosts_whitelist" parameters are mutually exclusive. '
            "Only one should be provided."
        )
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise BadRequestError(f"`url` is no address: {error}") from None
    if host in {name.lower() for name in refused}:
        raise BadRequestError(f'URL "{url}" is blacklisted')
    if allowed and host not in {name.lower() for name in allowed}:
        raise BadRequestError(f'URL "{url}" is not whitelisted')


def text_of(content: bytes, charset: str | None) -> str:
    """A body as text: by the charset that the response names, else UTF-8, else Latin-1."""
    for encoding in (charset or "utf-8", "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")
