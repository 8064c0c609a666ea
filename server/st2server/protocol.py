"""pygls's protocol with an order of its own: what is said at once, what waits, what is answered no more.

Notifications are followed as they arrive: they are cheap, and say what the requests that wait are about. Requests
wait in a queue and are answered one at a time, and between two of them everything that has arrived meanwhile
is read. So a request that is taken back before its turn costs nothing and is answered `RequestCancelled`, and one
whose document is another by then is answered `ContentModified` (a question for diagnostics: `ServerCancelled`,
as the specification wants it). A request that fails is logged and answered with an error.

pygls keeps a copy of every text as well; here `Documents` does, and says why.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types as lsp
from pygls.exceptions import (
    JsonRpcContentModified,
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from st2server.app import Server

log = logging.getLogger("st2server")

_AT_ONCE = (lsp.INITIALIZE, lsp.SHUTDOWN)
_CANCELLED = JsonRpcRequestCancelled("the request was taken back")


def _is_question(method: object) -> bool:
    """Whether a method of the protocol is a request; Kate 22.12 asks for the shutdown without an id."""
    kinds = lsp.METHOD_TO_TYPES.get(method) if isinstance(method, str) else None
    return kinds is not None and kinds[1] is not None


class ServerCancelled(JsonRpcException):
    """A question for diagnostics that is to be asked again, because the text is another by now."""

    CODE = -32802
    MESSAGE = "the text has changed"

    def __init__(self) -> None:
        super().__init__(self.MESSAGE, self.CODE, {"retriggerRequest": True})


class _Waiting(NamedTuple):
    """A request in the queue, with the text it was asked about (None when it is about none)."""

    request: Any
    about: object


class Protocol(LanguageServerProtocol):
    """One connection to one editor. `gone` gives the exit code once the editor has left."""

    gone: asyncio.Future[int]
    _server: Server

    def __init__(self, server: Any, converter: Any) -> None:
        self._queue: dict[int | str, _Waiting] = {}
        self._ready = False
        super().__init__(server, converter)

    async def idle(self) -> None:
        """Let everything be read that has arrived, and all requests be answered that wait."""
        await asyncio.sleep(0)
        while self._queue:
            await asyncio.sleep(0)

    def leave(self) -> None:
        """The editor has gone: in good order when it had said so before."""
        if not self.gone.done():
            self.gone.set_result(0 if self._shutdown else 1)

    def receive(self, body: bytes) -> None:
        """One message as it has arrived. Never raises: what is no message is answered with an error."""
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(None, JsonRpcParseError())
            return
        if not isinstance(data, dict):
            data = {}
        try:
            if data.get("jsonrpc") != self.VERSION:
                raise JsonRpcInvalidRequest("this is no message of JSON-RPC 2.0")
            if "id" not in data and _is_question(data.get("method")):
                log.warning(
                    "`%s` has come without an id: nobody waits for an answer", data["method"]
                )
                return
            data.setdefault("params", None)
            self.handle_message(self.structure_message(data))
        except JsonRpcException as error:
            if ("id" in data and "method" in data) or not data:
                self._refuse(data.get("id"), error)
        except Exception:
            log.exception("a message cannot be handled")

    def handle_message(self, message: Any) -> None:
        """Follow a notification or a response; let a request wait for its turn."""
        method = getattr(message, "method", None)
        if method is None or not hasattr(message, "id"):
            if self._ready or method in (None, lsp.EXIT):
                super().handle_message(message)
        elif self._shutdown:
            self._refuse(message.id, JsonRpcInvalidRequest("the session has been shut down"))
        elif not self._ready and method != lsp.INITIALIZE:
            self._refuse(message.id, JsonRpcServerNotInitialized("`initialize` comes first"))
        elif method in _AT_ONCE:
            super().handle_message(message)
            self._ready = True
        else:
            self._queue[message.id] = _Waiting(message, self._about(message))
            if len(self._queue) == 1:
                asyncio.get_running_loop().call_soon(self._next)

    def _next(self) -> None:
        """Answer the request whose turn it is. The loop reads what has arrived before the one after it."""
        if not self._queue:
            return
        msg_id, (request, about) = next(iter(self._queue.items()))
        try:
            if about is not self._about(request):
                self._refuse(msg_id, _outdated(request.method))
            else:
                super().handle_message(request)
        finally:  # whatever becomes of one request, those behind it have their turn
            self._queue.pop(msg_id, None)
            if self._queue:
                asyncio.get_running_loop().call_soon(self._next)

    def _about(self, request: Any) -> object:
        """The text, in the state that the editor has it in, that a request is about."""
        named = getattr(request.params, "text_document", None)
        opened = self._server.documents.opened(named.uri) if named is not None else None
        return opened.source if opened is not None else None

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        try:
            handler = self._get_handler(method_name)
        except JsonRpcMethodNotFound as error:
            self._refuse(msg_id, error)
            return
        self._ctx_msg_id.set(msg_id)
        answered = partial(self._answered, msg_id, method_name)
        self._execute_handler(msg_id, handler, answered, (params,))

    def _answered(self, msg_id: Any, method: str, future: Any) -> None:
        """A feature has come to an end, in whatever way."""
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._refuse(msg_id, _CANCELLED)
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._refuse(msg_id, error)
        else:
            log.error("`%s` failed", method, exc_info=error)
            self._refuse(msg_id, JsonRpcInternalError(f"`{method}` failed: {error}"))

    def _refuse(self, msg_id: Any, error: JsonRpcException) -> None:
        self._result_types.pop(msg_id, None)
        self._send_response(msg_id, error=error.to_response_error())

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        """Take a request back; one that is answered already is no matter."""
        if self._queue.pop(msg_id, None) is not None:
            self._refuse(msg_id, _CANCELLED)
        elif (future := self._request_futures.get(msg_id)) is not None:
            future.cancel()

    def _send_data(self, data: Any) -> None:
        """Write a message; an answer that cannot be written down is an error of its feature."""
        try:
            body = json.dumps(data, default=self._serialize_message).encode()
        except Exception as error:
            log.exception("a message cannot be written down")
            if (msg_id := getattr(data, "id", None)) is not None:
                self._refuse(msg_id, JsonRpcInternalError(f"the answer is broken: {error}"))
            return
        assert self.writer is not None
        head = b"Content-Length: %d\r\n\r\n" % len(body) if self._include_headers else b""
        try:
            written = self.writer.write(head + body)
        except (OSError, ValueError):  # the other end is closed
            self.leave()
            return
        if asyncio.iscoroutine(written):
            asyncio.ensure_future(written).add_done_callback(self._written)

    def _written(self, done: asyncio.Future[None]) -> None:
        if done.cancelled() or done.exception() is not None:
            self.leave()

    @lsp_method(lsp.SHUTDOWN)
    def lsp_shutdown(self, *_: Any) -> Generator[Any, Any, None]:
        """The session is over: nothing that still waits will be answered otherwise than by that."""
        yield from self._to_feature(lsp.SHUTDOWN, None)
        self._shutdown = True
        for msg_id in tuple(self._queue):
            self._handle_cancel_notification(msg_id)
        for msg_id, future in tuple(self._request_futures.items()):
            if msg_id != self.msg_id:
                future.cancel()

    @lsp_method(lsp.EXIT)
    def lsp_exit(self, *_: Any) -> Generator[Any, Any, None]:
        """The editor wants the process to end."""
        yield from self._to_feature(lsp.EXIT, None)
        self.leave()

    def _to_feature(self, method: str, params: Any) -> Generator[Any, Any, None]:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> Generator[Any, Any, None]:
        """A document was opened."""
        yield from self._to_feature(lsp.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> Generator[Any, Any, None]:
        """A document was changed."""
        yield from self._to_feature(lsp.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> Generator[Any, Any, None]:
        """A document was closed."""
        yield from self._to_feature(lsp.TEXT_DOCUMENT_DID_CLOSE, params)


def _outdated(method: str) -> JsonRpcException:
    if method == lsp.TEXT_DOCUMENT_DIAGNOSTIC:
        return ServerCancelled()
    return JsonRpcContentModified("the text has changed")
