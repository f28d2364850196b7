"""The account under every fault: what an app was answered is in the store once and at the sink at least once, whatever
happens in between, and the sums add up.

STENO_KILLS: how often the process is killed under load (20; the full run takes 200); a quarter for each further kind of
sink."""

import contextlib
import json
import os
import pathlib
import random
import sqlite3
import subprocess
import threading
import time
import uuid

import pytest
from support.answers import completion_response
from support.clock import Clock
from support.faulty_sink import FaultySink, LineSink
from support.load import Load
from support.steno import Steno
from support.waiting import eventually

KILLS = int(os.environ.get("STENO_KILLS", "20"))


@pytest.fixture
def sink(request, tmp_path):
    """Of the kind that the test asks for; else `v4`."""
    kind = getattr(request, "param", "v4")
    sink = LineSink(tmp_path) if kind == "jsonl" else FaultySink(kind)
    yield sink
    sink.down()


def answer(request):
    if request.body:  # Else Steno was killed while it sent this one.
        yield completion_response("answer")


def account(steno: Steno) -> dict:
    status, body = steno.get_console("/api/v1/account")
    assert status == 200, body
    return json.loads(body)


def stored(store: pathlib.Path) -> list[tuple[str, str]]:
    """Id and thread of all interactions, in the order of recording."""
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT id, threadID FROM interaction ORDER BY sequence").fetchall()
    return [(str(uuid.UUID(bytes=ident)), str(uuid.UUID(bytes=thread))) for ident, thread in rows]


def check_sums(steno: Steno) -> dict:
    sums = account(steno)
    dropped, gone = sum(sums["dropped"].values()), sum(sums["gone"].values())
    assert sums["exchanges"] == sums["recorded"] - sums["received"] + dropped + sums["waiting"], sums
    assert sums["recorded"] == sums["held"] + gone, sums
    for sink in sums["sinks"].values():
        settled = sink["delivered"] + sink["filtered"] + sink["skipped"] + sum(sink["dead"].values())
        assert sums["recorded"] + sink["again"] == settled + sink["backlog"], sums
    return sums


def settle(steno: Steno, seconds: float = 90) -> dict:
    """Waits until everything is recorded and nothing is pending."""

    def is_settled() -> bool:
        sums = account(steno)
        return sums["waiting"] == 0 and sums["open"] == 0 and all(not s["backlog"] for s in sums["sinks"].values())

    eventually("all is recorded and shipped", is_settled, seconds)
    return check_sums(steno)


def check_records(steno: Steno, sink: FaultySink, load: Load, certain: set[str] | None = None) -> None:
    certain = set(load.answered) if certain is None else certain
    rows = stored(steno.store)
    ids = [ident for ident, _ in rows]
    assert len(ids) == len(set(ids)), "something is recorded twice"
    assert certain <= set(ids), f"{len(certain - set(ids))} of {len(certain)} are not recorded"
    assert certain - sink.refused <= set(sink.ids), "something did not reach the sink"
    assert set(sink.ids) <= set(ids) | set(load.answered), "the sink has what was never sent"
    place = {ident: n for n, ident in enumerate(ids)}
    for order in load.threads.values():
        places = [place[ident] for ident in order if ident in place]
        assert places == sorted(places), "a thread's order is lost"


# What is the driver's business is the same for all kinds; each has connections, answers and batches of its own.
FAULTS = [("v4", fault) for fault in ("down", "slow", "429", "500", "401", "422", "reset", "tls", "dns")]
FAULTS += [(kind, fault) for kind in ("otlp", "clickhouse") for fault in ("down", "503", "422", "reset", "tls", "dns")]
FAULTS += [("jsonl", "down")]


@pytest.mark.parametrize(("sink", "fault"), FAULTS, indirect=["sink"])
def test_a_sink_that_fails(fault, upstream, sink, start_steno):
    steno = start_steno(upstream(answer).url, settings=sink.settings)
    match fault:
        case "down":
            sink.down()
        case "tls":
            steno.reload({"sink.test.url": sink.url.replace("http", "https")})
        case "dns":
            steno.reload({"sink.test.url": "http://nowhere.invalid"})
        case _:
            sink.fault = fault
    load = Load()
    load.start(steno.host, count=20, text=lambda n: "poison" if n == 7 else f"question {n}")
    load.join()
    assert load.failures == 0 and load.slowest < 2, "the app noticed"
    eventually("all is recorded", lambda: account(steno)["recorded"] == 60)
    check_sums(steno)
    if fault == "down":
        sink.up()
    sink.fault = None if fault != "422" else fault
    if fault in ("tls", "dns"):
        steno.reload({"sink.test.url": sink.url})
    sums = settle(steno)
    assert sums["recorded"] == sums["exchanges"] == 60 and not sums["dropped"]
    dead = sum(sums["sinks"]["test"]["dead"].values())
    assert dead == len(sink.refused) == (3 if fault == "422" else 0)
    check_records(steno, sink, load)
    assert steno.stop() == 0


@pytest.mark.parametrize("sink", ["v4", "otlp", "clickhouse", "jsonl"], indirect=True)
def test_kills_under_load(upstream, sink, start_steno):
    kills = KILLS if sink.kind == "v4" else max(4, KILLS // 4)
    steno = start_steno(upstream(answer).url, settings=sink.settings)
    load, certain, randomly = Load(), set(), random.Random(1)
    faults = [None, "slow", "reset", "503"]
    for number in range(kills):
        sink.fault = faults[number % len(faults)]
        # What an earlier round's kill took is not certain by now.
        before = set(load.answered)
        load.start(steno.host)
        time.sleep(randomly.uniform(0.02, 0.6))
        # Exchanges are recorded in the order of their ends: these are when as many are as had ended. How long that takes
        # is the machine's business here; the delivery suite measures it.
        answered = load.ended() - before
        ended = account(steno)["exchanges"]
        eventually("they are recorded", lambda: (now := account(steno))["exchanges"] - now["waiting"] >= ended)
        steno.kill()
        load.stop()
        certain |= answered
        steno.start()
        check_sums(steno)
    sink.fault = None
    sums = settle(steno)
    check_records(steno, sink, load, certain)
    assert sums["recorded"] >= len(certain)
    assert not set(sums["dropped"]) - {"crashed"}
    twice = len(sink.ids) - len(set(sink.ids))
    print(f"{sink.kind}, {kills} kills: {len(load.answered)} answered, {sums['recorded']} recorded, {twice} came twice")
    assert steno.stop() == 0


def test_termination_under_load(upstream, sink, start_steno):
    steno = start_steno(upstream(answer).url, settings=sink.settings)
    load = Load()
    for _ in range(3):
        load.start(steno.host)
        time.sleep(0.3)
        assert steno.stop() == 0
        load.stop()
        steno.start()
    sums = settle(steno)
    # An exchange that Steno refused while it ended was one too.
    assert sums["recorded"] >= len(load.answered) and not sums["dropped"]
    check_records(steno, sink, load)


def test_a_long_exchange_shows_while_it_runs_and_after_a_crash(upstream, sink, start_steno):
    gate = threading.Event()

    def script(request):
        gate.wait(30)
        yield completion_response("late")

    steno = start_steno(upstream(script).url, settings=sink.settings)
    load = Load()
    load.start(steno.host, clients=1, count=1)
    eventually("it has its row", lambda: account(steno)["open"] == 1)
    steno.kill()
    load.join()
    gate.set()
    steno.start()
    sums = check_sums(steno)
    assert sums["open"] == 0 and sums["dropped"] == {"crashed": 1} and sums["tombstones"] == 1
    shown = steno.command("outbox", "account", "--json", "--dropped", "5")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["dropped_exchanges"][0]["reason"] == "crashed"
    load.start(steno.host, clients=1, count=1)
    load.join()
    eventually("the second is recorded", lambda: account(steno)["recorded"] == 1)
    assert settle(steno)["exchanges"] == 2


def test_strict_mode_loses_nothing_in_a_crash(upstream, sink, start_steno):
    steno = start_steno(upstream(answer).url, settings={**sink.settings, "capture.mode": "strict"})
    load = Load()
    for _ in range(5):
        load.start(steno.host)
        time.sleep(0.3)
        steno.kill()
        load.stop()
        steno.start()
    settle(steno)
    assert len(load.answered) > 20
    check_records(steno, sink, load)
    assert steno.stop() == 0


def fill(folder: pathlib.Path) -> pathlib.Path:
    file = folder / "fill"
    with file.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while out.write(bytes(65536)):
            pass
    return file


@pytest.mark.parametrize("mode", ["best-effort", "strict"])
def test_a_full_disk(mode, small_disk, upstream, sink, start_steno):
    settings = {**sink.settings, "store": f"sqlite:{small_disk}/steno.db", "capture.mode": mode}
    steno = start_steno(upstream(answer).url, settings=settings)
    steno.store = small_disk / "steno.db"
    load = Load()
    load.start(steno.host, count=5)
    load.join()
    file = fill(small_disk)
    while_full = Load()
    # More than the file has free pages for.
    while_full.start(steno.host, clients=3, count=30, text=lambda n: f"{n} " + "long " * 4000)
    while_full.join()
    if mode == "strict":
        # The log had room for some; what could not be recorded was refused, or broken off.
        assert while_full.failures > 0
    else:
        assert while_full.failures == 0 and while_full.slowest < 2, "the app noticed"
    file.unlink()
    eventually("the store takes interactions again", lambda: steno.get_console("/readyz")[0] == 200)
    load.start(steno.host, count=5)
    load.join()
    assert load.failures == 0
    settle(steno)
    load.answered |= while_full.answered
    check_records(steno, sink, load)
    assert steno.stop() == 0


def test_interactions_that_are_lost_at_the_end_are_told(small_disk, upstream, start_steno):
    steno = start_steno(upstream(answer).url, settings={"store": f"sqlite:{small_disk}/steno.db"})
    fill(small_disk)
    load = Load()
    load.start(steno.host, clients=3, count=30, text=lambda n: f"{n} " + "long " * 4000)
    load.join()
    assert load.failures == 0
    assert steno.stop(60) == 1
    assert "are lost" in steno.log.read_text()


def test_a_store_that_can_not_be_written(small_disk, tmp_path):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    from support.steno import command

    ended = command("serve", "--set", f"store=sqlite:{small_disk}/steno.db", "--set", "upstream=http://127.0.0.1:1")
    assert ended.returncode == 1
    assert str(small_disk) in ended.stderr and "set `store` to a file that can be written" in ended.stderr


def test_one_store_serves_one_process(upstream, start_steno):
    steno = start_steno(upstream(answer).url)
    second = steno.command("serve", "--set", "listen=127.0.0.1:0", "--set", "console.listen=off")
    assert second.returncode == 1
    assert "in use by another `steno serve`" in second.stderr


@pytest.mark.parametrize("found", ["at the start", "while it runs"])
def test_damage_while_it_runs_is_survived(found, upstream, sink, start_steno):
    """The file is overwritten under a running process: traffic goes on, and what is left is saved."""
    sink.down()
    steno = start_steno(upstream(answer).url, settings=sink.settings)
    load = Load()
    load.start(steno.host, count=40, text=lambda n: f"question {n} " + "long " * 400)
    load.join()
    eventually("all is in the file", lambda: (steno.store.with_name("steno.db-wal").stat().st_size) == 0)
    with steno.store.open("r+b") as file:
        for page in range(4, steno.store.stat().st_size // 16384, 3):
            file.seek(page * 16384)
            file.write(b"\xff\x00\xfe")
    if found == "at the start":
        steno.kill()
        steno.start()
    # Else whoever reads or writes next comes upon it: the sink, which gets all.
    sink.up()
    after = Load()
    after.start(steno.host, count=5)
    after.join()
    assert after.failures == 0 and after.slowest < 2, "the app noticed"
    eventually("what could be read is saved", lambda: "is saved" in steno.log.read_text(), 60)
    sums = settle(steno)
    names = sorted(path.name for path in steno.folder.glob("steno.db.corrupt-*"))
    assert names, "nothing was set aside"
    said = next(line for line in steno.log.read_text().splitlines() if "set aside" in line)
    assert "damaged" in said and names[0] in said
    assert sums["recorded"] == 135 and sums["held"] + sums["gone"].get("lost", 0) == 135
    assert len(set(sink.ids) & set(load.answered)) >= 115, sums
    check_records(steno, sink, after)


DAY = 86400


@pytest.mark.parametrize("restarts", [False, True])
def test_a_clock_that_jumps(restarts, upstream, sink, start_steno, tmp_path):
    """Ahead by more than all retention, back behind where it was, and right again."""
    clock = Clock(tmp_path)
    steno = start_steno(upstream(answer).url, settings=sink.settings, environment=clock.environment)
    load = Load()
    for number, days in enumerate([0, 400, -3, 0]):
        clock.set(days * DAY)
        if restarts and number:
            assert steno.stop() == 0
            steno.start()
        load.start(steno.host, count=5)
        load.join()
        sums = settle(steno)
        # Whatever is too old goes once in a second, and at each start.
        time.sleep(1.2)
        assert sums == (now := check_sums(steno)) or now["held"] == sums["held"]
    assert load.failures == 0 and load.slowest < 2
    assert sums["held"] == 60 and not sums["gone"] and not sums["dropped"]
    check_records(steno, sink, load)
    assert steno.stop() == 0
