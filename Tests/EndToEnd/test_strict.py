"""`capture.mode = strict` over HTTP/2: an app has the whole answer once it is on disk, and no model is asked for what can't
be recorded."""

import contextlib
import sqlite3
import threading
import uuid

import pytest
from support.http2_client import HTTP2Client, trusting
from support.upstream import LAST_CHUNK, STREAM_HEAD, chunk, response
from support.waiting import eventually


@pytest.fixture
def strict(authority, start_steno):
    """Starts Steno with TLS; gives it and a client."""
    with contextlib.ExitStack() as stack:

        def start(upstream_url: str):
            settings = {"listen.tls.cert_file": authority.server_file, "listen.tls.key_file": authority.server_file}
            steno = start_steno(upstream_url, settings={**settings, "capture.mode": "strict"})
            client = HTTP2Client(steno.address(), trusting(authority.ca_file, "h2"))
            stack.callback(client.close)
            return steno, client

        yield start


@contextlib.contextmanager
def busy(steno):
    """Somebody else writes to the store: nothing becomes durable meanwhile."""
    with contextlib.closing(sqlite3.connect(steno.store, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def is_stored(steno, ident: str) -> bool:
    with contextlib.closing(sqlite3.connect(f"file:{steno.store}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT 1 FROM interaction WHERE id = ?", [uuid.UUID(ident).bytes])
        return found.fetchone() is not None


EVENTS = [b"data: one\n\n", b"data: two\n\n"]


@pytest.mark.parametrize(
    ("answer", "before"),
    [
        ([STREAM_HEAD, *map(chunk, EVENTS), LAST_CHUNK], b"".join(EVENTS)),
        ([response(b"all of it at once")], b""),
    ],
    ids=["stream", "length"],
)
def test_the_end_of_an_answer_waits_until_it_is_durable(answer, before, upstream, strict):
    steno, app = strict(upstream(lambda _: answer).url)
    released = threading.Event()
    lock, unlock = threading.Event(), threading.Event()

    def hold() -> None:
        with busy(steno):
            lock.set()
            unlock.wait(20)
            released.set()

    holder = threading.Thread(target=hold)
    holder.start()
    assert lock.wait(10)
    number = app.request("/v1/things")
    # All but the end comes while nothing can be durable; the end would come at once, were it not held.
    stream = app.until(number, lambda stream: stream.heads and len(stream.body) >= len(before))
    assert stream.body == before
    threading.Timer(0.7, unlock.set).start()
    app.finish(number)
    assert released.is_set(), "the answer's end came before it could be durable"
    assert stream.ended and is_stored(steno, stream.field("x-steno-interaction-id"))
    holder.join()


def test_nothing_is_asked_upstream_while_nothing_can_be_recorded(upstream, strict):
    source = upstream(lambda _: [response(b"fine")])
    steno, app = strict(source.url)
    assert app.finish(app.request("/")).status == 200
    with busy(steno):
        held = app.request("/")
        eventually("the store takes nothing", lambda: steno.get_console("/readyz")[0] != 200)
        asked = len(source.requests)
        refused = app.finish(app.request("/"))
        assert refused.status == 503 and refused.field("x-steno-error") == "not_recorded"
        assert len(source.requests) == asked == 2
        # The one that waits has its head already: it breaks off.
        assert not app.finish(held).ended and app.streams[held].reset not in (None, -1)
    eventually("it is ready again", lambda: steno.get_console("/readyz")[0] == 200)
    assert app.finish(app.request("/")).status == 200
    app.close()
    assert steno.stop() == 0
