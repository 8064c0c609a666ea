"""`http-request` (`core.http`): one request, and what came back.

Specified by `contrib/runners/http_runner/http_runner/http_runner.py`, which uses `requests`; what that means for
parameters, headers and redirects is kept, on httpx.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from st2runtime.runners import _http
from st2runtime.runners._arguments import own, seconds
from st2runtime.runners._http import BadRequestError
from st2runtime.runners._outcomes import masked, refused
from st2runtime.runners._output import strict_json
from st2runtime.runners.base import Invocation, Outcome, Services

if TYPE_CHECKING:
    import ssl

    import httpx

NAMES = ("http-request",)

_TIMEOUT = 60.0
_SUCCESS = range(200, 207)


async def run(invocation: Invocation, services: Services) -> Outcome:
    """Send the request.

    The result is `status_code`, `body` (data when the response says that it is JSON, and is), `parsed`
    (whether `body` is data) and `headers`. A status from 200 to 206 is a success. When the time is over
    the result is `error` alone.
    """
    import httpx

    parameters, mine = invocation.parameters, own(invocation)
    try:
        request = _http.request_from(parameters, mine, invocation.ref)
        limit = _TIMEOUT if mine.get("timeout") is None else float(mine["timeout"])
        async with _client(parameters, limit) as client:
            response = await client.request(
                request.method,
                request.url,
                content=request.content,
                files=request.files,
                headers=request.headers,
                auth=request.auth,
            )
    except (BadRequestError, ValueError, TypeError) as error:
        return refused(str(error), invocation.secrets)
    except httpx.TimeoutException as error:
        kind = type(error).__name__.removesuffix("Timeout").lower()
        told = f"{request.method} {request.url}: {kind} timed out after {seconds(limit)} seconds"
        return Outcome("timeout", {"error": masked(told, invocation.secrets)})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        told = f"{request.method} {request.url}: {error or type(error).__name__}"
        return refused(told, invocation.secrets)
    return _outcome(response)


def _client(parameters: Mapping[str, Any], limit: float) -> httpx.AsyncClient:
    """A client by the runner's own parameters; what they leave open comes from the environment."""
    import httpx

    context = _context(parameters.get("verify_ssl_cert") is not False)
    proxies = {"http://": parameters.get("http_proxy"), "https://": parameters.get("https_proxy")}
    return httpx.AsyncClient(
        timeout=limit,
        verify=context,
        cookies={str(k): str(v) for k, v in (parameters.get("cookies") or {}).items()},
        follow_redirects=bool(parameters.get("allow_redirects")),
        mounts={
            scheme: httpx.AsyncHTTPTransport(proxy=proxy, verify=context)
            for scheme, proxy in proxies.items()
            if proxy
        },
    )


@functools.cache
def _context(verify: bool) -> ssl.SSLContext:
    """Certificates to trust. Reading them takes longer than a request to this machine."""
    import httpx

    return httpx.create_ssl_context(verify=verify)


def _outcome(response: httpx.Response) -> Outcome:
    headers = _headers(response)
    body, parsed = _http.text_of(response.content, response.charset_encoding), False
    if response.headers.get("content-type", "").partition(";")[0] == "application/json":
        try:
            body, parsed = strict_json(body), True
        except (ValueError, RecursionError):
            parsed = False
    result = {
        "status_code": response.status_code,
        "body": body,
        "parsed": parsed,
        "headers": headers,
    }
    return Outcome("succeeded" if response.status_code in _SUCCESS else "failed", result)


def _headers(response: httpx.Response) -> dict[str, str]:
    """Headers with the names as they were sent; several of one name become one, with commas."""
    found: dict[str, str] = {}
    spelled: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        name = spelled.setdefault(name.lower(), name)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
