"""A real HTTP/2 server (hypercorn), over TLS by ALPN and in clear text by prior knowledge."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from .ports import free_port
from .tls import Authority
from .waiting import eventually

Application = Callable[[dict, Callable, Callable], Any]


@contextmanager
def http2_server(application: Application, authority: Authority | None = None, **options: Any) -> Iterator[str]:
    """Its base URL, `https` with an authority. `application` is ASGI."""
    port = free_port()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.loglevel = "CRITICAL"
    config.include_server_header = False
    if authority:
        config.certfile = config.keyfile = str(authority.server_file)
    for name, value in options.items():
        setattr(config, name, value)
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def run() -> None:
        await serve(application, config, shutdown_trigger=over.wait)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()

    def listening() -> bool:
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0

    eventually("the HTTP/2 server listens", listening)
    yield f"{'https' if authority else 'http'}://127.0.0.1:{port}"
    loop.call_soon_threadsafe(over.set)
    thread.join(10)
