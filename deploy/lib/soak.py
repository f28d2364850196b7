#!/usr/bin/env python3
"""Runs Steno for some minutes between clients, an upstream and a sink that all misbehave at random, with reloads meanwhile.

Held at the end: each end got the bytes that the other sent, or saw that something was missing; exchanges = recorded +
dropped; every recorded interaction reached the sink; memory and descriptors are back where they were after the warm-up.

  soak.py --steno BINARY [--seconds 300] [--clients 40] [--seed 1]

Python's standard library, loopback only. Exit 1 if anything is not as it should be.
"""

import argparse
import asyncio
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent / "soak"))

from client import Clients  # noqa: E402
from sink import Sink  # noqa: E402
from upstream import Upstream  # noqa: E402

WARM_UP = 20
# Seconds in which the backlog may not get smaller; how fast it does is the machine's matter.
PATIENCE = 60
# Seconds that the catalogue may take: it works its backlog off with a fifth of a core.
CATALOGUING = 600


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Steno:
    def __init__(self, binary: str, folder: pathlib.Path, upstream: int, sink: int):
        self.console = free_port()
        (folder / "key").write_text("key-of-the-soak\n")
        settings = {
            "listen": "127.0.0.1:0", "console.listen": f"127.0.0.1:{self.console}", "presets": "off", "log.level": "warning",
            "upstream": f"http://127.0.0.1:{upstream}", "store": f"sqlite:{folder}/steno.db",
            "route.default.timeout.first_byte": "3s", "route.default.timeout.idle": "3s",
            "client.timeout.keep_alive": "10s", "capture.memory": "64MiB", "redact.detect.pii": "mask",
            "sink.soak.kind": "v4", "sink.soak.url": f"http://127.0.0.1:{sink}", "sink.soak.api_key_file": f"{folder}/key",
        }  # fmt: skip
        self.config = folder / "steno.conf"
        self.config.write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
        self.log = folder / "steno.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([binary, "serve", "--config", self.config], stdout=log, stderr=log)
        self.port = self._port()

    def _port(self) -> int:
        """As the start report tells it."""
        for _ in range(200):
            if found := re.search(r"^  proxy +http://127\.0\.0\.1:(\d+)", self.log.read_text(), re.M):
                return int(found[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(f"Steno did not start:\n{self.log.read_text()}")

    def metric(self, name: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.console}/metrics", timeout=20) as answer:
            text = answer.read().decode()
        values = re.findall(rf"^steno_{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.M)
        return int(sum(map(float, values)))

    @property
    def descriptors(self) -> int:
        return len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))

    @property
    def cpu_seconds(self) -> float:
        return time.clock_gettime((~self.process.pid << 3) | 2)  # clock_getcpuclockid(3)

    @property
    def megabytes(self) -> float:
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


async def metric(steno: Steno, name: str) -> int:
    return await asyncio.to_thread(steno.metric, name)


async def settle(steno: Steno) -> None:
    """Until all is recorded, shipped and catalogued, and idle connections are gone."""
    fewest, still = float("inf"), 0
    while still < PATIENCE:
        waiting = await metric(steno, "interactions_waiting") + await metric(steno, "sink_backlog")
        if waiting == 0:
            break
        still = 0 if waiting < fewest else still + 1
        fewest = min(fewest, waiting)
        await asyncio.sleep(1)
    await asyncio.sleep(12)
    for _ in range(CATALOGUING // 5):
        before = steno.cpu_seconds
        await asyncio.sleep(5)
        if steno.cpu_seconds - before < 0.1:
            break


async def disturb(steno: Steno, sink: Sink, until: float) -> None:
    """A reload every 7 s; the sink is away for 5 s out of 30."""
    beat = 0
    while time.monotonic() < until:
        await asyncio.sleep(1)
        beat += 1
        sink.is_away = beat % 30 in range(20, 25)
        if beat % 7 == 0:
            steno.process.send_signal(signal.SIGHUP)
        if beat % 30 == 0:
            print(f"{beat:5} s  {steno.megabytes:6.1f} MB  {steno.descriptors:4} descriptors", flush=True)


async def load(steno: Steno, sink: Sink, clients: Clients, number: int, seconds: float) -> None:
    clients.is_over = sink.is_well = False
    until = time.monotonic() + seconds
    running = asyncio.create_task(clients.run(number))
    await disturb(steno, sink, until)
    clients.is_over, sink.is_well, sink.is_away = True, True, False
    await running
    await settle(steno)


async def soak(options: argparse.Namespace, folder: pathlib.Path) -> list[str]:
    upstream, sink = Upstream(), Sink(options.seed)
    steno = Steno(options.steno, folder, await upstream.start(), await sink.start())
    clients = Clients("127.0.0.1", steno.port, options.seed)
    try:
        await load(steno, sink, clients, options.clients, WARM_UP)
        memory, descriptors = steno.megabytes, steno.descriptors
        print(f"warmed up: {memory:.1f} MB, {descriptors} descriptors", flush=True)
        await load(steno, sink, clients, options.clients, options.seconds)
        # Memory is given back some seconds after it was freed.
        for _ in range(PATIENCE):
            if steno.megabytes <= memory * 1.3 + 16:
                break
            await asyncio.sleep(1)
        return await verdict(steno, upstream, sink, clients, memory, descriptors)
    finally:
        if steno.process.poll() is None:
            steno.process.terminate()
            steno.process.wait(30)


async def verdict(
    steno: Steno, upstream: Upstream, sink: Sink, clients: Clients, memory: float, descriptors: int
) -> list[str]:
    exchanges, recorded, dropped, delivered, dead, waiting = [
        await metric(steno, name)
        for name in (
            "exchanges_total", "interactions_recorded_total", "interactions_dropped_total",
            "interactions_delivered_total", "interactions_dead_total", "interactions_waiting",
        )
    ]  # fmt: skip
    print(f"requests: {clients.sent} sent, {clients.answered} answered, {upstream.requests} at the upstream")
    print(f"exchanges: {exchanges} = {recorded} recorded + {dropped} dropped + {waiting} waiting")
    print(f"sink: {delivered} delivered, {dead} dead, {len(sink.ids)} distinct, {sink.again} came again")
    print(f"memory: {memory:.1f} → {steno.megabytes:.1f} MB, descriptors: {descriptors} → {steno.descriptors}")
    for end, count in clients.ends.most_common():
        print(f"{count:8}  {end}")
    log = steno.log.read_text()
    checks = {
        "Steno ended": steno.process.poll() is None,
        f"{len(clients.wrong)} wrong at the clients": not clients.wrong,
        f"{len(upstream.wrong)} wrong at the upstream": not upstream.wrong,
        "exchanges are not those that were sent": clients.answered <= exchanges <= clients.sent,
        "exchanges ≠ recorded + dropped": exchanges == recorded + dropped + waiting,
        "recorded ≠ delivered": recorded == delivered == len(sink.ids) and dead == 0,
        "memory did not come back": steno.megabytes <= memory * 1.3 + 16,
        "descriptors did not come back": steno.descriptors <= descriptors + 16,
        "a reload failed": "can't be used" not in log,
    }
    return [what for what, holds in checks.items() if not holds] + clients.wrong[:10] + upstream.wrong[:10]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steno", required=True)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = asyncio.run(soak(options, pathlib.Path(folder)))
        if faults:
            print(pathlib.Path(folder, "steno.log").read_text()[-3000:])
    for fault in faults:
        print(f"FAILED: {fault}")
    print("soak:", "failed" if faults else "all held")
    sys.exit(1 if faults else 0)


main()
