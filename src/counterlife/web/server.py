"""The server of the local page: bound to this machine's own address, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from ..study import RequestError

LOOPBACK = "127.0.0.1"
MOST_AT_ONCE = 100  # requests


def bind(port: int) -> Any:
    """A socket on this machine's own address; port 0 takes a free one. Raises RequestError where the port cannot be had."""
    if not 0 <= port < 65536:
        raise RequestError(f"{port} is no port: choose a whole number from 1 to 65535, or 0 for a free one.")
    try:
        return uvicorn.Config(app="", host=LOOPBACK, port=port, log_config=None, log_level="critical").bind_socket()
    except SystemExit:
        raise RequestError(f"port {port} cannot be had; perhaps the page is open already. Choose another one with --port.") from None


class Server(uvicorn.Server):
    """Serves until it is interrupted."""

    def __init__(self, app: ASGIApp, opened: Callable[[], None] = lambda: None) -> None:
        """opened: called once the page can be reached."""
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                ws="none",
                limit_concurrency=MOST_AT_ONCE,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=3,
            )
        )
        self._opened = opened

    async def startup(self, sockets: Any = None) -> None:
        """The page can be reached."""
        await super().startup(sockets)
        self._opened()
