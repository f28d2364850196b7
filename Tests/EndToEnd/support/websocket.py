"""A real WebSocket server: what it does with a connection is the test's to say."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.server import ServerConnection, serve

from .tls import Authority

Handler = Callable[[ServerConnection], None]


@contextmanager
def websocket_server(handler: Handler, authority: Authority | None = None, **options: Any) -> Iterator[str]:
    """Its base URL, `https` with an authority."""
    context = None
    if authority:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.server_file)
    with serve(handler, "127.0.0.1", 0, ssl=context, max_size=None, **options) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.socket.getsockname()[1]
        yield f"{'https' if authority else 'http'}://127.0.0.1:{port}"
        server.shutdown()
        thread.join(10)


def echo(connection: ServerConnection) -> None:
    for message in connection:
        connection.send(message)
