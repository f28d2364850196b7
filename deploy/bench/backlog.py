#!/usr/bin/env python3
"""What a large backlog costs: the time until Steno is ready, also with a sink that is new to it, that of requests while it
ships, and what it does while nothing is asked.

backlog.py --steno BINARY [--records 1000000] [--folder DIR]

One exchange is recorded through Steno and then multiplied in the store, its sink being away. Needs 2.5 GB for a million."""

import argparse
import contextlib
import http.client
import http.server
import json
import pathlib
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--steno", default=".build/release/steno")
parser.add_argument("--records", type=int, default=1_000_000)
parser.add_argument("--folder")
options = parser.parse_args()
options.steno = str(pathlib.Path(options.steno).absolute())


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": "answer " * 150}}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


def serve(port: int) -> http.server.ThreadingHTTPServer:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # Steno ends in the middle of a request.
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


folder = pathlib.Path(options.folder or tempfile.mkdtemp())
folder.mkdir(parents=True, exist_ok=True)
store, proxy, console, sink = folder / "steno.db", free_port(), free_port(), free_port()
upstream = serve(free_port())
settings = {
    "listen": f"127.0.0.1:{proxy}", "console.listen": f"127.0.0.1:{console}", "presets": "off", "log.level": "warning",
    "upstream": f"http://127.0.0.1:{upstream.server_address[1]}", "store": f"sqlite:{store}",
    "sink.away.kind": "v4", "sink.away.url": f"http://127.0.0.1:{sink}",
}  # fmt: skip


log = (folder / "log").open("a")


def start() -> tuple[subprocess.Popen[bytes], float]:
    begin = time.monotonic()
    process = subprocess.Popen(
        [options.steno, "serve", *(f"--set={key}={value}" for key, value in settings.items())],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=log,
    )  # fmt: skip
    while process.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", console, timeout=60)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return process, time.monotonic() - begin
        time.sleep(0.005)
    raise SystemExit("Steno did not start")


def idle(process: subprocess.Popen[bytes], seconds: int = 10) -> str:
    clock = (~process.pid << 3) | 2  # clock_getcpuclockid(3)
    begin = time.clock_gettime(clock)
    time.sleep(seconds)
    return f"{(time.clock_gettime(clock) - begin) * 1000 / seconds:.1f} ms of CPU a second while nothing is asked"


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(60)


def requests(count: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", proxy, timeout=20)
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "question " * 200}]})
    times = []
    for _ in range(count):
        begin = time.monotonic()
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        connection.getresponse().read()
        times.append((time.monotonic() - begin) * 1000)
    times.sort()
    return f"median {statistics.median(times):.2f} ms, 99th percentile {times[int(count * 0.99) - 1]:.2f} ms"


process, ready = start()
requests(1)
print(f"empty: ready after {ready * 1000:.0f} ms; requests: {requests(500)}")
stop(process)

with contextlib.closing(sqlite3.connect(store)) as database:
    columns = {
        table: [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] not in ("sequence", "id")]
        for table in ("interaction", "body")
    }
    held = database.execute("SELECT max(sequence) FROM interaction").fetchone()[0]
    numbers = f"WITH RECURSIVE n (n) AS (SELECT {held + 1} UNION ALL SELECT n + 1 FROM n WHERE n < {options.records})"
    rest = ", ".join(columns["interaction"])
    database.execute(
        f"INSERT INTO interaction (sequence, id, {rest}) {numbers} SELECT n, randomblob(16), {rest} FROM n, interaction"
        " WHERE sequence = 1"
    )
    rest = ", ".join(columns["body"])
    database.execute(f"INSERT INTO body (sequence, {rest}) {numbers} SELECT n, {rest} FROM n, body WHERE sequence = 1")
    added = options.records - held
    database.execute("UPDATE counter SET count = count + ? WHERE name = 'recorded'", (added,))
    database.execute("UPDATE counter SET count = ? WHERE name = 'sequence'", (options.records,))
    database.commit()
size = sum(path.stat().st_size for path in folder.glob("steno.db*")) / 1e9

process, ready = start()
print(f"{options.records} pending ({size:.1f} GB), sink down: ready after {ready * 1000:.0f} ms; requests: {requests(500)}")
# The catalogue, which is filled a fifth of a core at a time.
print(f"catalogue being filled: {idle(process)}")
stop(process)
with contextlib.closing(sqlite3.connect(store)) as database:
    database.execute("INSERT INTO catalogue (sequence, thread, turn, start, durationMilliseconds, isError, isComplete, variant)"
        " SELECT max(sequence), 0, 0, 0, 0, 0, 0, 0 FROM interaction")  # fmt: skip
    database.commit()
process, ready = start()
print(f"catalogue full: {idle(process)}")
stop(process)
settings |= {"sink.new.kind": "v4", "sink.new.url": settings["sink.away.url"]}
process, ready = start()
print(f"a new sink: ready after {ready * 1000:.0f} ms")
stop(process)
settings = {key: value for key, value in settings.items() if "sink.new" not in key}
server = serve(sink)
process, ready = start()
print(f"{options.records} pending, sink up: ready after {ready * 1000:.0f} ms; requests while it ships: {requests(500)}")
stop(process)
if not options.folder:
    shutil.rmtree(folder)
