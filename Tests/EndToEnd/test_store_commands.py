"""What is stored can be redacted and erased, beside a running Steno, and then it is nowhere in its files."""

import contextlib
import http.client
import json
import random
import string
import threading
import uuid

from support.answers import completion_response, question
from support.waiting import eventually

PATH = "/v1/chat/completions"
WORDS = "the parser reads each line of the file and returns nil if the value is not a number or the request is late".split()


def marker(seed: str) -> str:
    """Letters that nothing compresses well, and that stand nowhere else."""
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=40))


def prose(seed: str, length: int) -> str:
    choose = random.Random(seed).choice
    text = ""
    while len(text) < length:
        text += choose(WORDS) + " "
    return text


def traces(needle: str, files: dict[str, bytes]) -> list[str]:
    """Files that hold any sixteen letters of it."""
    pieces = [needle[i : i + 16].encode() for i in range(len(needle) - 15)]
    return [name for name, data in files.items() if any(piece in data for piece in pieces)]


def stored(steno) -> int:
    result = steno.command("tail", "--no-follow", "--number", "100000", "--json")
    assert result.returncode == 0, result.stderr
    return len(result.stdout.splitlines())


def talk(steno, thread: str, text: str, headers: dict[str, str] | None = None, **more) -> str:
    status, answer_headers, _ = steno.post(
        PATH, question(text, **more), {"x-steno-thread-id": thread, **(headers or {})}
    )
    assert status == 200
    return answer_headers["x-steno-interaction-id"]


def test_what_is_erased_is_in_no_file(upstream, start_steno):
    secret = marker("thread")
    up = upstream(lambda request: [completion_response(f"echo {secret if secret.encode() in request.body else ''}")])
    steno = start_steno(up.url)
    erased, kept = str(uuid.uuid4()), str(uuid.uuid4())
    history = []
    for number in range(24):
        talk(steno, kept, prose(f"kept {number}", 300))
        text = f"{secret} {prose(f'erased {number}', 400)}"
        history.append({"role": "user", "content": text})
        talk(steno, erased, text, messages=history)
    eventually("all are stored", lambda: stored(steno) == 48)
    assert traces(secret, steno.files())

    refused = steno.command("store", "erase", "--thread", erased)
    assert refused.returncode == 64 and "--yes" in refused.stderr
    result = steno.command("store", "erase", "--thread", erased, "--yes", "--json")
    assert result.returncode == 0, result.stderr
    receipt = json.loads(result.stdout)
    assert receipt["action"] == "erase" and receipt["selected"] == erased and receipt["interactions"] == 24
    assert receipt["scrubbed"] is True
    assert secret not in result.stdout
    assert traces(secret, steno.files()) == []

    # The others are there, and Steno goes on.
    assert stored(steno) == 24
    talk(steno, kept, "one more")
    eventually("it goes on", lambda: stored(steno) == 25)
    assert steno.stop() == 0
    assert traces(secret, steno.files()) == []


def test_one_interaction_and_one_user_are_erased(upstream, collector, start_steno):
    up = upstream(lambda request: [completion_response("yes")])
    steno = start_steno(up.url, collector)
    thread = str(uuid.uuid4())
    one = talk(steno, thread, "first")
    talk(steno, thread, "second", {"x-steno-user-id": "ann"})
    talk(steno, thread, "third", user="ann")
    talk(steno, thread, "fourth", user="ben")
    collector.wait_for(4)
    eventually("all are settled", lambda: steno.total("sink_backlog", sink="test") == 0)

    receipt = json.loads(steno.command("store", "erase", "--interaction", one, "--yes", "--json").stdout)
    assert receipt["interactions"] == 1 and receipt["delivered_before"] == {"test": 1}
    said = steno.command("store", "erase", "--user", "ann", "--yes")
    assert said.returncode == 0
    assert said.stdout.startswith("2 interactions erased")
    assert "sent to the sink test" in said.stdout
    assert stored(steno) == 1
    assert steno.command("store", "erase", "--thread", "zzzz", "--yes").returncode == 1


def test_what_runs_and_what_broke_off_is_erased(upstream, start_steno):
    """Exchanges have rows of their own while they run, and leave a tombstone where they broke off."""
    secret, thread = marker("running"), uuid.uuid4()
    gate = threading.Event()

    def script(request):
        gate.wait(30)
        yield completion_response(secret)

    steno = start_steno(upstream(script).url)
    path = f"{PATH}?tag={secret}"

    def ask() -> threading.Thread:
        def run() -> None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                steno.post(path, question(secret), {"x-steno-thread-id": str(thread)})

        app = threading.Thread(target=run)
        app.start()
        return app

    def account() -> dict:
        return json.loads(steno.get_console("/api/v1/account")[1])

    def erase(*selection: str) -> dict:
        result = steno.command("store", "erase", *selection, "--yes", "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    first = ask()
    eventually("it has its row", lambda: account()["open"] == 1)
    steno.kill()
    first.join()
    steno.start()
    second = ask()
    eventually("the second has its row", lambda: account()["open"] == 1)
    assert account()["tombstones"] == 1 and traces(secret, steno.files())
    files = steno.files()
    assert any(thread.bytes in data for data in files.values())

    receipt = erase("--thread", str(thread))
    assert (receipt["interactions"], receipt["tombstones"], receipt["running"]) == (0, 1, 1)
    assert traces(secret, steno.files()) == []
    assert not [name for name, data in steno.files().items() if thread.bytes in data]
    now = account()
    assert (now["open"], now["tombstones"], now["dropped"]) == (1, 0, {"crashed": 1})

    gate.set()
    second.join()
    eventually("it is recorded", lambda: stored(steno) == 1)
    assert account()["open"] == 0 and account()["exchanges"] == 2
    assert traces(secret, steno.files())
    assert erase("--thread", str(thread))["interactions"] == 1
    assert traces(secret, steno.files()) == []
    assert not [name for name, data in steno.files().items() if thread.bytes in data]
    assert steno.stop() == 0


def test_a_persons_reactions_are_erased(upstream, start_steno):
    person = marker("person")
    steno = start_steno(upstream(lambda request: [completion_response("yes")]).url)
    ident = talk(steno, str(uuid.uuid4()), "hello")
    eventually("it is stored", lambda: stored(steno) == 1)
    event = eventually(
        "it is in the catalogue", lambda: json.loads(steno.get_console(f"/api/v1/interactions/{ident}")[1]).get("id")
    )
    headers = {"x-steno-user-id": person, "content-type": "application/json"}
    connection = http.client.HTTPConnection(steno.console, timeout=10)
    connection.request("POST", f"/api/v1/interactions/{event}/reactions", '{"emoji":"+1"}', headers)
    assert connection.getresponse().status in (200, 201, 204)
    connection.close()
    eventually("it is on disk", lambda: traces(person, steno.files()))
    receipt = json.loads(steno.command("store", "erase", "--user", person, "--yes", "--json").stdout)
    assert (receipt["interactions"], receipt["reactions"]) == (0, 1)
    assert traces(person, steno.files()) == []


def test_todays_rules_reach_what_was_stored_before(upstream, collector, start_steno):
    address = f"{marker('mail').lower()}@example.com"
    up = upstream(lambda request: [completion_response(f"I wrote to {address}")])
    steno = start_steno(up.url, collector)
    thread = str(uuid.uuid4())
    history = []
    for number in range(12):
        history.append({"role": "user", "content": f"{number}: write to {address}. {prose(str(number), 900)}"})
        talk(steno, thread, "", messages=history)
    talk(steno, str(uuid.uuid4()), "nothing of the kind")
    collector.wait_for(13)
    eventually("all are stored", lambda: stored(steno) == 13)
    assert traces(address, steno.files())

    rule = ("--set", "redact.detect.email=mask")
    would = json.loads(steno.command("store", "redact", "--dry-run", "--json", *rule).stdout)
    assert would["dry_run"] is True and would["changed"] == 13
    assert traces(address, steno.files())

    of_thread = json.loads(steno.command("store", "redact", "--thread", thread, "--json", *rule).stdout)
    assert of_thread["changed"] == 12 and of_thread["examined"] == 12
    result = steno.command("store", "redact", "--since", "1h", "--json", *rule)
    assert result.returncode == 0, result.stderr
    receipt = json.loads(result.stdout)
    assert receipt["examined"] == 13 and receipt["changed"] == 1 and receipt["rules"]["email"] >= 1
    assert receipt["delivered_before"] == {"test": 1} and receipt["scrubbed"] is True
    assert address not in result.stdout
    again = json.loads(steno.command("store", "redact", "--json", *rule).stdout)
    assert again["changed"] == 0

    # Derived anew beside it.
    eventually("the catalogue has caught up", lambda: steno.get_console("/api/v1/exchanges")[0] == 200)
    assert traces(address, steno.files()) == []
    shown = steno.command("show", thread, "--raw")
    assert shown.returncode == 0 and address not in shown.stdout and "[REDACTED:email]" in shown.stdout
    assert steno.stop() == 0
    assert traces(address, steno.files()) == []
