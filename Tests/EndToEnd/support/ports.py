"""Ports of loopback that are nobody else's."""

import collections
import socket

_kept: collections.deque[socket.socket] = collections.deque(maxlen=256)


def free_port() -> int:
    """A socket that is bound and doesn't listen keeps the port from all others, for as long as a test may last, and refuses
    who connects. Who sets SO_REUSEADDR, as servers do, can listen on it."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    _kept.append(keeper)
    return keeper.getsockname()[1]
