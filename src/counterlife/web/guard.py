"""Who is answered: this machine's own pages only, and not with more than they need. Stands before everything else.

A page of another site that knows the address (or whose name is made to point here) sends another Host or Origin, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000  # bytes of a request's body
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""The report is one file with its styles in it, and has no script."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer a browser hides the Origin of the page's own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
TOO_LONG = f"This is more than {LARGEST:,} bytes. A scenario is far smaller: keep only what differs from a catalog entry (`extends`)."


def hosts(port: int) -> frozenset[str]:
    """The names by which this machine calls itself, with the port."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


class Guard:
    """Refuses foreign and oversized requests, and puts the headers of safety on every answer."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app, self.names = app, frozenset(names)
        self.origins = frozenset(f"http://{name}" for name in self.names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request is answered, or refused."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal is None:
                await self.app(scope, _bounded(receive), _with_headers(send))
            else:
                code, text = refusal
                await PlainTextResponse(text + "\n", code)(scope, receive, _with_headers(send))
        else:  # a web socket: nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: MutableMapping[str, Any]) -> tuple[int, str] | None:
        """Code and reason, where a request is not answered."""
        headers, method = Headers(scope=scope), scope["method"]
        named, origins = headers.getlist("host"), headers.getlist("origin")
        if len(named) != 1 or named[0].lower() not in self.names:
            return 421, "This page answers only under the address that `counterlife serve` has printed."
        if method not in ("GET", "HEAD", "POST"):
            return 405, "Only GET, HEAD and POST are answered."
        if method == "POST" and (len(origins) != 1 or origins[0].lower() not in self.origins):
            return 403, "Only this page itself may change something here; the request came from elsewhere."
        foreign = headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if foreign and (method == "POST" or headers.get("sec-fetch-mode") != "navigate"):
            return 403, "Another site asked for this; only this page itself is answered."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal():
            return 400, "The length of the request is no number."
        return (413, TOO_LONG) if len(length) > 12 or int(length) > LARGEST else None


def _bounded(receive: Receive) -> Receive:
    """The same, ended where a body turns out longer than is allowed."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise HTTPException(413, TOO_LONG)
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    """The same, with the headers of safety; an answer that has one of its own keeps it."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return dressed
