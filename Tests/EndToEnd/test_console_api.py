"""The read API as its clients see it: fields, rules of the query, errors, access, the live feed."""

import contextlib
import datetime
import http.client
import json
import socket
import subprocess
import sys
import urllib.parse
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from support.conversations import ask, hold, script, use_tool
from support.steno import Steno
from support.upstream import Upstream
from support.waiting import eventually

THREAD = "3f0c1f0e-6a55-4d5e-9f0a-0d5b7c1a2b3c"
FAR = "2099-01-01T00:00:00Z"


def request(
    steno: Steno, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, Any]:
    connection = http.client.HTTPConnection(steno.console, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        data = response.read()
        is_json = (response.headers["content-type"] or "").startswith("application/json")
        return response.status, response.headers, json.loads(data) if is_json and data else data
    finally:
        connection.close()


def interactions(steno: Steno, **query: Any) -> dict[str, Any]:
    status, _, page = request(steno, "/api/v1/interactions?" + urllib.parse.urlencode({"end_time": FAR} | query))
    assert status == 200, page
    return page


@pytest.fixture(scope="module")
def steno(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steno]:
    upstream = Upstream(script)
    steno = Steno(tmp_path_factory.mktemp("steno"), {"upstream": upstream.url, "presets": "off"})
    ask(steno, "Why is the sky blue?", THREAD, headers={"x-steno-user-id": "ann"})
    use_tool(steno, THREAD, "Weather in Lisbon?", "get_weather", "sunny, 24 degrees")
    ask(steno, "My key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD", str(uuid.uuid4()))
    ask(steno, "fail", str(uuid.uuid4()))
    ask(steno, "break off", str(uuid.uuid4()), stream=True)
    eventually("all is recorded", lambda: steno.total("interactions_recorded_total") == 6)
    yield steno
    assert steno.stop() == 0
    upstream.close()


NULLABLE = {
    "metadata", "nested_interactions", "interaction_id", "span_id", "parent_span_id", "organization_id",
    "organization_application", "reactions", "agent_read_receipts",
}  # fmt: skip


def check(item: dict[str, Any], is_nested: bool) -> None:
    """Holds an item against the table of the read API's fields."""

    def is_uuid(value: Any) -> bool:
        return str(uuid.UUID(value)) == value

    def is_time(value: Any) -> bool:
        return datetime.datetime.fromisoformat(value).tzinfo is not None

    required = {
        "id": is_uuid,
        "created_at": is_time,
        "channel_id": is_uuid,
        "participant": lambda v: isinstance(v["type"], str) and (v["user_id"] is None or isinstance(v["user_id"], str)),
        "content": lambda v: all(isinstance(c["type"], str) and isinstance(c["text"], str) for c in v),
        "content_role": lambda v: v in {"user_message", "agent_reasoning", "agent_response"},
        "complete": lambda v: isinstance(v, bool),
    }
    nullable = {
        "metadata": lambda v: isinstance(v, dict),
        "interaction_id": is_uuid,
        "span_id": is_uuid,
        "parent_span_id": is_uuid,
        "organization_id": is_uuid,
        "organization_application": lambda v: isinstance(v, str),
        "reactions": lambda v: all(set(r) == {"interaction_id", "emoji", "count", "reacted_by_me"} for r in v),
        "agent_read_receipts": lambda v: all(
            is_uuid(r["id"]) and r["message_event_id"] == item["id"] and is_uuid(r["interaction_id"])
            and is_uuid(r["agent_id"]) and is_time(r["read_at"]) for r in v
        ),
    }  # fmt: skip
    assert set(item) == set(required) | NULLABLE - ({"nested_interactions"} if not is_nested else set())
    for name, holds in required.items():
        assert holds(item[name]), (name, item[name])
    for name, holds in nullable.items():
        assert item[name] is None or holds(item[name]), (name, item[name])
    for nested in item.get("nested_interactions") or []:
        check(nested, True)


@pytest.mark.parametrize("nested", [False, True])
def test_every_item_has_the_fields_of_the_table(steno: Steno, nested: bool):
    page = interactions(steno, include_nested_interactions=str(nested).lower(), include_incomplete="true", size=100)
    assert page["meta"] == {"total": 10, "has_next": False, "has_previous": False, "page": 1}
    for item in page["items"]:
        check(item, nested)
        status, _, alone = request(
            steno, f"/api/v1/interactions/{item['id']}?include_nested_interactions={str(nested).lower()}"
        )
        assert status == 200
        assert alone == item


def test_a_turn_is_a_tree_of_what_happened(steno: Steno):
    page = interactions(steno, channel_id=THREAD, include_nested_interactions="true", sort_order="asc")
    roles = [item["content_role"] for item in page["items"]]
    assert roles == ["user_message", "agent_response"] * 2
    first, _, question, answer = page["items"]
    assert first["participant"] == {"type": "user", "user_id": "ann"}
    assert question["interaction_id"] == answer["interaction_id"] != first["interaction_id"]
    reasoning, call = question["nested_interactions"]
    assert reasoning["content"][0]["text"].startswith("The user wants")
    assert call["content"][0] | {"text": ""} == {
        "type": "tool_call", "text": "", "id": "call_1", "name": "get_weather", "arguments": {"city": "Lisbon"},
    }  # fmt: skip
    (result,) = call["nested_interactions"]
    assert result["content"][0]["text"] == "sunny, 24 degrees"
    assert result["parent_span_id"] == call["span_id"]
    assert call["parent_span_id"] == question["span_id"] == answer["parent_span_id"]
    assert answer["content"][0]["text"] == "According to the tool: sunny, 24 degrees"
    assert question["agent_read_receipts"], "its own request brought it to the agent"


def test_what_broke_off_comes_on_demand(steno: Steno):
    def broken(**query: Any) -> list[str]:
        items = interactions(steno, size=100, **query)["items"]
        return [item["content"][0]["text"] for item in items if not item["complete"]]

    assert broken() == broken(include_incomplete="false") == broken(include_incomplete="null") == []
    assert broken(include_incomplete="true") == ["Half an ans"]


class TestRunning:
    """A stream that really runs, seen while it does."""

    THREAD = "9b1c1f0e-6a55-4d5e-9f0a-0d5b7c1a2b3e"

    @pytest.fixture
    def steno(self, start_steno: Any) -> Steno:
        steno = start_steno(Upstream(script).url)
        ask(steno, "First", self.THREAD)
        return steno

    def shown(self, steno: Steno, **query: str) -> list[dict[str, Any]]:
        items = interactions(steno, size=100, sort_order="asc", **query)["items"]
        return [item for item in items if item["metadata"].get("steno.state")]

    def test_it_is_incomplete_until_it_is_over(self, steno: Steno):
        release = hold(steno, "How long does it take?", self.THREAD)
        (item,) = eventually("it is shown", lambda: self.shown(steno, include_incomplete="true"))
        check(item, False)
        assert (item["complete"], item["content_role"], item["content"]) == (False, "agent_response", [])
        assert (item["metadata"]["steno.state"], item["channel_id"]) == ("running", self.THREAD)
        assert self.shown(steno) == self.shown(steno, include_incomplete="true", type="user_message") == []
        assert self.shown(steno, include_incomplete="true", channel_id=self.THREAD, agent_id="local", source="default") == [item]
        assert self.shown(steno, include_incomplete="true", channel_id=str(uuid.uuid4())) == []
        assert self.shown(steno, include_incomplete="true", end_time="2020-01-01T00:00:00Z") == []
        exchange = item["metadata"]["steno.interaction_id"]
        for id in (item["id"], exchange):
            assert request(steno, f"/api/v1/interactions/{id}")[2] == item
        (running,) = request(steno, "/api/v1/exchanges")[2]["running"]
        assert (running["id"], running["thread_id"], running["route"]) == (exchange, self.THREAD, "default")
        assert request(steno, "/api/v1/exchanges?model=scripted")[2]["running"] == []
        assert request(steno, "/api/v1/account")[2]["open"] == 1
        release()
        whole = eventually("it is over", lambda: next(
            (i for i in interactions(steno)["items"] if i["id"] == item["id"]), None))  # fmt: skip
        assert whole["complete"] and whole["content"][0]["text"] == "It takes its time."
        assert request(steno, "/api/v1/exchanges")[2]["running"] == self.shown(steno, include_incomplete="true") == []

    def test_the_command_shows_it(self, steno: Steno):
        def show(*arguments: str) -> str:
            shown = steno.command("show", *arguments)
            assert shown.returncode == 0, shown.stderr
            return shown.stdout

        release = hold(steno, "Are you there?", self.THREAD)
        (item,) = eventually("it is shown", lambda: self.shown(steno, include_incomplete="true"))
        exchange = item["metadata"]["steno.interaction_id"]
        page = show(self.THREAD)
        assert "1 interaction" in page and "1 running" in page and page.index("First") < page.index("\nrunning\n") < page.index(exchange)
        assert "\nrunning\n" in show(exchange)
        assert len(json.loads(show(self.THREAD, "--json"))) == 1
        _, running = json.loads(show(self.THREAD, "--json", "--include-incomplete"))
        assert running["operation_metadata"] == {
            "steno.interaction_id": exchange, "steno.route": "default", "steno.state": "running",
        }  # fmt: skip
        release()
        eventually("it is over", lambda: "It takes its time." in show(self.THREAD))
        assert "running" not in show(self.THREAD)

    def test_who_listens_hears_of_its_begin_and_end(self, steno: Steno):
        connection = http.client.HTTPConnection(steno.console, timeout=20)
        connection.request("GET", "/api/v1/stream")
        response = connection.getresponse()

        def told() -> list[str]:
            while (line := response.readline()) != b"event: running\n":
                assert line
            return [each["thread_id"] for each in json.loads(response.readline()[6:])]

        assert told() == []
        release = hold(steno, "Will you tell?", self.THREAD)
        assert told() == [self.THREAD]
        release()
        assert told() == []
        connection.close()

    def test_one_that_a_kill_broke_off_stays_incomplete(self, steno: Steno):
        release = hold(steno, "Too late?", self.THREAD)
        (item,) = eventually("it is shown", lambda: self.shown(steno, include_incomplete="true"))
        steno.kill()
        release()
        steno.start()
        (after,) = self.shown(steno, include_incomplete="true")
        assert after["id"] == item["id"] and not after["complete"]
        assert after["metadata"] | {"operation_status": ""} == item["metadata"] | {
            "steno.state": "crashed", "operation_status": ""}  # fmt: skip
        assert self.shown(steno) == []
        assert request(steno, "/api/v1/account")[2]["dropped"] == {"crashed": 1}


def test_pages_stay_while_more_is_recorded(steno: Steno):
    end = datetime.datetime.now(datetime.UTC).isoformat()
    whole = interactions(steno, end_time=end, size=100)["items"]
    first = interactions(steno, end_time=end, size=4)
    ask(steno, "One more", str(uuid.uuid4()))
    eventually("it is there", lambda: interactions(steno)["items"][-1] and len(interactions(steno)["items"]) > len(whole))
    pages = [interactions(steno, end_time=end, size=4, page=page) for page in (1, 2, 3, 4)]
    assert pages[0] == first
    assert [item["id"] for page in pages for item in page["items"]] == [item["id"] for item in whole]
    assert [page["meta"]["has_next"] for page in pages] == [True, True, False, False]


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("", "end_time", "missing"),
        ("end_time=yesterday", "end_time", "datetime_parsing"),
        (f"end_time={FAR}&size=0", "size", "greater_than_equal"),
        (f"end_time={FAR}&size=101", "size", "less_than_equal"),
        (f"end_time={FAR}&size=many", "size", "int_parsing"),
        (f"end_time={FAR}&page=0", "page", "greater_than_equal"),
        (f"end_time={FAR}&sort_order=up", "sort_order", "literal_error"),
        (f"end_time={FAR}&channel_id=x", "channel_id", "uuid_parsing"),
        (f"end_time={FAR}&type=x", "type", "literal_error"),
        (f"end_time={FAR}&include_incomplete=maybe", "include_incomplete", "bool_parsing"),
        (f"end_time={FAR}&include_nested_interactions=2", "include_nested_interactions", "bool_parsing"),
    ],
)
def test_wrong_parameters_are_named(steno: Steno, query: str, name: str, kind: str):
    status, _, body = request(steno, "/api/v1/interactions?" + query)
    assert status == 422
    assert [(d["loc"], d["type"]) for d in body["detail"]] == [(["query", name], kind)]
    assert all(isinstance(d["msg"], str) for d in body["detail"])


def test_all_wrong_parameters_are_named_at_once(steno: Steno):
    status, _, body = request(steno, "/api/v1/interactions?size=0&page=0")
    assert status == 422
    assert [d["loc"][1] for d in body["detail"]] == ["end_time", "size", "page"]


def test_paths_without_anything_behind_them(steno: Steno):
    assert request(steno, f"/api/v1/interactions/{uuid.uuid4()}")[0] == 404
    assert request(steno, "/api/v1/interactions/none")[0] == 422
    status, headers, _ = request(steno, "/api/v1/interactions", "PUT")
    assert (status, headers["allow"]) == (405, "GET, HEAD")


def test_people_react(steno: Steno):
    event = interactions(steno, sort_order="asc")["items"][1]
    path = f"/api/v1/interactions/{event['id']}/reactions"
    headers = {"content-type": "application/json"}
    body = json.dumps({"emoji": "👍"}).encode()
    for person in ("ann", "bob", "bob"):
        status, _, answer = request(steno, path, "POST", headers | {"x-steno-user-id": person}, body)
        assert status == 200
    assert answer["reactions"] == [{"interaction_id": event["id"], "emoji": "👍", "count": 2, "reacted_by_me": True}]
    status, _, seen = request(steno, f"/api/v1/interactions/{event['id']}")
    assert seen["reactions"][0] | {"reacted_by_me": False} == answer["reactions"][0] | {"reacted_by_me": False}
    status, _, answer = request(
        steno, path + "?emoji=" + urllib.parse.quote("👍"), "DELETE", {"x-steno-user-id": "bob"}
    )
    assert (status, answer["reactions"][0]["count"]) == (200, 1)
    assert request(steno, path, "POST", {"content-type": "text/plain"}, body)[0] == 415
    assert request(steno, path, "POST", headers, b'{"emoji": ""}')[0] == 422


def test_exchanges_are_searched_and_filtered(steno: Steno):
    def found(**query: str) -> list[str]:
        status, _, page = request(steno, "/api/v1/exchanges?" + urllib.parse.urlencode(query))
        assert status == 200
        return [item["query"] for item in page["items"]]

    assert found(q="sky") == ["Why is the sky blue?"]
    assert found(q="scatt") == ["Why is the sky blue?"], "an answer is searched too"
    assert found(q="sunny") == ["Weather in Lisbon?"], "and what tools brought"
    assert found(tool="get_weather") == ["Weather in Lisbon?"]
    assert found(user="ann") == ["Why is the sky blue?"]
    assert sorted(found(status="error")) == ["break off", "fail"]
    assert found(http_status="503") == ["fail"]
    assert len(found(thread=THREAD)) == 3
    assert found(q="abcdefghijklmnopqrstuvwxyz0123456789ABCD") == [], "secrets can't be found"
    assert found(slower_than="60000") == []
    status, _, page = request(steno, "/api/v1/exchanges?size=2")
    assert (len(page["items"]), page["total"] >= 6) == (2, True)
    status, _, rest = request(steno, f"/api/v1/exchanges?size=2&before={page['next']}")
    assert rest["items"][0]["sequence"] == page["items"][1]["sequence"] - 1
    status, _, whole = request(steno, f"/api/v1/exchanges/{page['items'][0]['id']}")
    assert whole["operation_metadata"]["steno.interaction_id"] == page["items"][0]["id"]


def test_sums_are_those_of_what_was_recorded(steno: Steno):
    status, _, sums = request(steno, "/api/v1/statistics?buckets=4")
    assert status == 200
    assert sums["interactions"] == steno.total("interactions_recorded_total") == sum(b["interactions"] for b in sums["buckets"])
    assert sums["errors"] == 2
    assert {t["name"]: t["count"] for t in sums["tools"]} == {"get_weather": 1}
    assert sums["duration_ms"]["p50"] <= sums["duration_ms"]["p95"] <= sums["duration_ms"]["p99"]
    assert sums["redactions"]


def test_the_live_feed_tells_of_each_exchange(steno: Steno):
    connection = http.client.HTTPConnection(steno.console, timeout=20)
    connection.request("GET", "/api/v1/stream")
    response = connection.getresponse()
    assert response.headers["content-type"] == "text/event-stream"
    assert response.readline() == b"retry: 2000\n"
    for number in range(3):
        ask(steno, f"live {number}", str(uuid.uuid4()))
    seen: list[str] = []
    while len(seen) < 3:
        line = response.readline().decode()
        assert line
        if line.startswith("data: {"):
            seen.append(json.loads(line[6:])["query"])
    assert seen == ["live 0", "live 1", "live 2"]
    connection.close()


def test_the_description_holds(steno: Steno):
    """Schemathesis: examples, boundary values and random requests, right and wrong, against `/openapi.json`."""
    run = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", f"http://{steno.console}/openapi.json",
            "--checks", "all", "--exclude-path", "/api/v1/stream", "--max-examples", "25", "--seed", "1",
            "--request-timeout", "20", "--no-color",
        ],
        capture_output=True, text=True, timeout=400, cwd=steno.folder,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]


class TestAccess:
    """A console with a token."""

    TOKEN = "correct horse battery staple"

    @pytest.fixture
    def guarded(self, start_steno: Any, tmp_path: Any) -> Steno:
        file = tmp_path / "token"
        file.write_text(self.TOKEN + "\n")
        upstream = Upstream(script)
        settings = {"console.token_file": file, "console.names": "steno.example"}
        steno = start_steno(upstream.url, settings=settings)
        ask(steno, "A private question", THREAD)
        return steno

    def reads(self, guarded: Steno) -> list[str]:
        """The log's lines that tell of content that was read."""
        return [line for line in guarded.log.read_text().splitlines() if "content was read" in line]

    def test_three_ways_to_show_the_token(self, guarded: Steno):
        path = f"/api/v1/interactions?end_time={FAR}"
        for value in (self.TOKEN, f"Token {self.TOKEN}", f"Bearer {self.TOKEN}", f"bearer {self.TOKEN}"):
            assert request(guarded, path, headers={"authorization": value})[0] == 200
        status, headers, body = request(guarded, path)
        assert (status, headers["www-authenticate"]) == (401, "Bearer")
        assert isinstance(body["detail"], str)
        for open_path in ("/", "/viewer/app.js", "/openapi.json", "/healthz"):
            assert request(guarded, open_path)[0] == 200

    def test_guessing_is_stopped_and_logged(self, guarded: Steno):
        path = "/api/v1/exchanges"
        answers = [request(guarded, path, headers={"authorization": f"sesame-{n}"})[0] for n in range(12)]
        assert answers == [401] * 10 + [429] * 2
        status, headers, _ = request(guarded, path, headers={"authorization": self.TOKEN})
        assert (status, headers["retry-after"]) == (429, "60")
        said = "a wrong token was shown to the console"
        eventually("the guesses are logged", lambda: guarded.log.read_text().count(said) >= 10)
        assert guarded.log.read_text().count(said) == 10
        assert "sesame" not in guarded.log.read_text()

    def test_reads_of_content_are_logged_without_it(self, guarded: Steno):
        token = {"authorization": self.TOKEN}
        assert request(guarded, f"/api/v1/interactions?end_time={FAR}&channel_id={THREAD}", headers=token)[0] == 200
        (line,) = eventually("the read is logged", lambda: self.reads(guarded))
        assert THREAD in line and "127.0.0.1" in line and "interactions" in line
        log = guarded.log.read_text()
        assert "private" not in log and self.TOKEN not in log

    def test_every_way_to_content_is_logged(self, guarded: Steno):
        token = {"authorization": self.TOKEN}
        eventually("the exchange is recorded", lambda: guarded.command("tail", "--no-follow", "--json").stdout)
        (exchange,) = request(guarded, "/api/v1/exchanges", headers=token)[2]["items"]
        eventually("the first read is logged", lambda: self.reads(guarded))
        ways = {
            f"/api/v1/interactions?end_time={FAR}": "interactions", f"/api/v1/interactions/{exchange['id']}": "interaction",
            "/api/v1/exchanges?q=private": "exchanges", f"/api/v1/exchanges/{exchange['id']}": "exchange",
            "/api/v1/choices": "choices", f"/v4/threads/{THREAD}/messages": "messages", "/v4/applications/local/threads": "threads",
        }  # fmt: skip
        for count, (path, what) in enumerate(ways.items(), start=2):
            status, _, body = request(guarded, path, headers=token)
            assert status == 200 and body, path
            eventually(f"{path} is logged", lambda count=count: len(self.reads(guarded)) == count)
            line = self.reads(guarded)[-1]
            assert f"what={what}" in line and "peer=127.0.0.1" in line, line
            assert request(guarded, path)[0] == 401
        for path in ("/api/v1/account", "/api/v1/statistics", "/metrics"):
            assert request(guarded, path)[0] == 401, "needs the token, though it holds nothing that was said"
            assert request(guarded, path, headers=token)[0] == 200
        assert len(self.reads(guarded)) == 1 + len(ways)

    def test_odd_requests_get_an_answer_and_the_console_goes_on(self, guarded: Steno):
        host = guarded.console.split(":")
        token = f"authorization: {self.TOKEN}\r\n"
        odd = [
            b"GET /api/v1/exchanges HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n" + token.encode() + b"\r\n",
            b"GET http://evil.example/api/v1/exchanges HTTP/1.1\r\nhost: evil.example\r\n" + token.encode() + b"\r\n",
            b"GET /../../etc/passwd HTTP/1.1\r\nhost: localhost\r\n\r\n",
            b"GET /viewer/..%2f..%2fetc/passwd HTTP/1.1\r\nhost: localhost\r\n\r\n",
            b"GET /viewer/%00app.js HTTP/1.1\r\nhost: localhost\r\n\r\n",
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nhost: localhost\r\n\r\n",
            b"POST /v4/interactions/ HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999999999\r\n" + token.encode() + b"\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ]
        for data in odd:
            with socket.create_connection((host[0], int(host[1])), 10) as connection:
                connection.settimeout(10)
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                answer = b""
                with contextlib.suppress(ConnectionError):
                    while part := connection.recv(65536):
                        answer += part
            assert not answer.startswith(b"HTTP/1.1 200"), (data[:80], answer[:200])
            assert b"root:" not in answer
        assert request(guarded, "/healthz")[0] == 200

    @pytest.mark.parametrize(
        ("host", "status"),
        [
            ("127.0.0.1:1", 200), ("localhost", 200), ("[::1]:4142", 200), ("steno.example:4142", 200), ("10.0.0.9", 200),
            ("evil.example", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
        ],
    )  # fmt: skip
    def test_foreign_names_are_refused(self, guarded: Steno, host: str, status: int):
        token = {"authorization": self.TOKEN, "host": host}
        assert request(guarded, "/api/v1/exchanges", headers=token)[0] == status
        assert request(guarded, "/", headers={"host": host})[0] == status
        assert request(guarded, "/healthz", headers={"host": host})[0] == 200

    def test_other_sites_are_refused(self, guarded: Steno):
        token = {"authorization": self.TOKEN}
        own = {"origin": f"http://{guarded.console}"}
        assert request(guarded, "/api/v1/exchanges", headers=token | own)[0] == 200
        for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
            status, headers, _ = request(guarded, "/api/v1/exchanges", headers=token | {"origin": origin})
            assert status == 403
            assert "access-control-allow-origin" not in headers

    def test_every_answer_says_what_a_browser_must_not_do(self, guarded: Steno):
        for path in ("/", "/viewer/app.js", "/api/v1/exchanges", "/nowhere"):
            _, headers, _ = request(guarded, path)
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["referrer-policy"] == "no-referrer"
