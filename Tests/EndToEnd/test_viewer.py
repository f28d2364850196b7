"""The viewer in a real browser, on data that went through Steno. `STENO_PICTURES=folder` keeps what it looks like."""

import json
import os
import pathlib
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser import Browser, browser
from support.collector import Collector
from support.conversations import ANSWERS, HOSTILE, ask, hold, script, use_tool
from support.steno import Steno
from support.upstream import Upstream
from support.waiting import eventually

THREAD = "3f0c1f0e-6a55-4d5e-9f0a-0d5b7c1a2b3c"
KEY = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"
HOSTILE_THREAD = "7a1c1f0e-6a55-4d5e-9f0a-0d5b7c1a2b3d"


def record(steno: Steno) -> None:
    models = ["gpt-5-mini", "gpt-5", "llama-4-scout", "mistral-small"]
    for index, question in enumerate(ANSWERS):
        ask(steno, question, str(uuid.uuid4()), models[index], stream=index != 1, headers={"x-steno-user-id": "ann"})
    history: list[dict[str, Any]] = []
    for question in ("What is Steno?", "Does it change my traffic?", "And what about secrets?"):
        history.append({"role": "user", "content": question})
        ask(steno, history, THREAD, stream=True)
        history.append({"role": "assistant", "content": f"You said: {question}"})
    use_tool(steno, THREAD, "What is the weather in Lisbon this weekend?", "get_weather", "Sunny, 24 °C, light wind from the west.")
    use_tool(steno, THREAD, "Find my meeting notes", "search_notes", "3 notes found: kickoff, retro, budget.", '{"query": "meeting"}')
    ask(steno, f"Use my key {KEY} and write to jane.doe@example.com", str(uuid.uuid4()), "gpt-5")
    ask(steno, "fail", str(uuid.uuid4()), "gpt-5")
    ask(steno, "break off", str(uuid.uuid4()), "llama-4-scout", stream=True)
    for number in range(12):
        ask(steno, f"Translate sentence {number + 1} into Portuguese, please", str(uuid.uuid4()), models[number % 4], stream=number % 2 == 0)


@pytest.fixture(scope="module")
def steno(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steno]:
    upstream = Upstream(script)
    collector = Collector()
    settings = {"upstream": upstream.url, "presets": "off", "redact.detect.email": "mask"}
    steno = Steno(tmp_path_factory.mktemp("steno"), settings, collector)
    record(steno)
    eventually("all is recorded", lambda: steno.total("interactions_recorded_total") == 25)
    yield steno
    steno.stop()
    collector.down()
    upstream.close()


@pytest.fixture(scope="module")
def page(steno: Steno, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def home(page: Browser, steno: Steno) -> Browser:
    page.open("about:blank")
    page.open(f"http://{steno.console}/")
    page.one(".item")
    page.see(".live", "live")
    return page


def picture(page: Browser, name: str) -> None:
    if folder := os.environ.get("STENO_PICTURES"):
        page.picture(pathlib.Path(folder) / f"{name}.png")


def choose(page: Browser, text: str) -> None:
    """Scrolls until a row says it, and clicks on that: what is out of sight is not in the page."""

    def found() -> bool:
        row = page.js(
            "return [...document.querySelectorAll('.item')].find((row) => row.textContent.includes(arguments[0]))", text
        )
        if row is None:
            page.js("const rows = document.querySelector('.rows'); rows.scrollTop += 400")
            return False
        page.js("arguments[0].scrollIntoView({block: 'center'})", row)
        row.click()
        return True

    eventually(f"{text} is in the list", found)
    page.see(".pane article", text)


def test_the_list_shows_what_was_recorded(home: Browser, steno: Steno):
    recorded = int(steno.total("interactions_recorded_total"))
    eventually("the list counts them", lambda: home.one(".total").text == f"{recorded} exchanges")
    home.see(".live", "live")
    assert home.all(".item.failed")
    assert KEY not in home.driver.page_source
    home.color_scheme("light")
    picture(home, "list")
    assert home.complaints() == []


def test_an_exchange_has_its_waterfall_and_raw_sides(home: Browser, steno: Steno):
    choose(home, "Plan a weekend in Lisbon")
    home.one(".waterfall")
    names = home.texts(".waterfall th")
    assert {"First byte", "First token", "Stream"} <= set(names)
    home.see(".exchange .sub", "gap median")
    v4 = json.loads(steno.get_console(f"/api/v1/exchanges/{home.js('return location.hash')[11:]}")[1])
    steps = v4["operation_metadata"]["steno.stream"]["arrivals_ms"]
    assert len(home.all(".gaps rect.gap")) == len(steps) - 1 > 20
    assert home.texts(".gaps title")[-1].endswith(f"ms until chunk {len(steps)}")
    home.see(".said.agent .text", "Alfama early")
    picture(home, "exchange")
    home.js("document.querySelectorAll('.raw > details').forEach((d) => { d.open = true })")
    home.see(".headers", "content-type")
    home.see(".code pre", '"messages"')
    curl = home.js("return import('/viewer/exchange.js').then((m) => m.curl({input: {request: {method: 'POST', path: \"/v1/it's\", headers: {host: 'h'}, body: {a: 1}}}}))")
    assert curl.startswith("curl 'http://h/v1/it'\\''s'")
    assert home.complaints() == []


def test_redactions_are_marked_with_their_kind(home: Browser):
    choose(home, "Use my key")
    marks = home.texts(".pane .said.user mark")
    assert marks == ["redacted openai key", "redacted email"]
    home.see(".chip.redacted", "email")
    picture(home, "redactions")


def test_a_conversation_reads_as_one(home: Browser):
    choose(home, "What is the weather in Lisbon")
    home.press("t")
    home.one(".thread")
    assert len(home.all(".turn")) == 5
    home.see(".steps > summary", "get_weather")
    steps = next(each for each in home.all(".steps") if "get_weather" in each.get_attribute("textContent"))
    assert not home.js("return arguments[0].open", steps)
    home.js("arguments[0].scrollIntoView({block: 'center'})", steps)
    steps.find_element("css selector", "summary").click()
    home.see(".step.tool_call", '"city": "Lisbon"')
    home.see(".step.tool_result", "light wind")
    picture(home, "conversation")
    home.one(".turn .through").click()
    home.one(".exchange")
    assert home.complaints() == []


def test_the_overview_sums_up(home: Browser, steno: Steno):
    home.one("#nav-overview").click()
    home.see(".card", "First token")
    recorded = int(steno.total("interactions_recorded_total"))
    home.see(".card strong", str(recorded))
    home.see(".sums", "gpt-5-mini")
    home.see(".bars", "get weather")
    home.see(".bars", "openai key")
    home.see(".sums th", "test")
    account = json.loads(steno.get_console("/api/v1/account")[1])
    books = dict(zip(home.texts(".account dt"), home.texts(".account dd"), strict=True))
    assert books["Exchanges that ended"] == books["Recorded"] == str(account["recorded"]) == str(recorded)
    assert (books["Dropped"], books["Running now"]) == ("0", "0")
    picture(home, "overview")
    home.color_scheme("dark")
    picture(home, "overview-dark")
    home.color_scheme("light")
    assert home.complaints() == []


def test_search_and_filters_narrow_the_list(home: Browser):
    home.press("/")
    home.press("alfama")
    eventually("one is left", lambda: len(home.all(".item")) == 1)
    home.see(".item", "Plan a weekend in Lisbon")
    home.press(*[Keys.BACK_SPACE] * len("alfama"))
    eventually("all are back", lambda: len(home.all(".item")) > 5)
    home.press(Keys.ESCAPE)
    home.js("const s = document.querySelector('select[name=status]'); s.value = 'error'; s.dispatchEvent(new Event('change'))")
    eventually("failed ones are left", lambda: len(home.all(".item")) == 2 == len(home.all(".item.failed")))
    home.js("const s = document.querySelector('select[name=model]'); s.value = 'gpt-5'; s.dispatchEvent(new Event('change'))")
    eventually("one failed", lambda: len(home.all(".item")) == 1)
    assert home.complaints() == []


def test_new_exchanges_appear_by_themselves(home: Browser, steno: Steno):
    home.see(".live", "live")
    ask(steno, "Hot off the press", str(uuid.uuid4()))
    eventually("it is on top", lambda: "Hot off the press" in home.texts(".item[aria-posinset='1']")[0])


def test_what_runs_is_on_top_until_it_is_over(home: Browser, steno: Steno):
    thread = str(uuid.uuid4())
    ask(steno, "Begin slowly", thread)
    release = hold(steno, "How long does it take?", thread)
    home.see(".item.running[aria-posinset='1'] .when small", "running")
    home.see(".total", "1 running")
    home.see(".item.running .took", "2 s")
    picture(home, "running")
    home.press("j")
    home.see(".pane .badge.running", "running")
    home.see(".pane .facts", "Running for")
    home.press("t")
    home.see(".thread .said .badge.running", "running")
    home.see(".thread .said .sub", "Running for")
    picture(home, "running-thread")
    home.one(".thread .actions button").click()
    home.see(".total", "1 running · 1 exchange")
    release()
    home.see(".thread .said.agent .text", "It takes its time.")
    eventually("it runs no more", lambda: not home.all(".running"))
    assert "How long does it take?" in home.texts(".item[aria-posinset='1']")[0]
    assert home.complaints() == []


def test_the_keyboard_is_enough(home: Browser):
    home.press("j")
    home.one(".exchange")
    first = home.texts(".item[aria-selected='true']")
    home.press("j")
    eventually("the next is chosen", lambda: home.texts(".item[aria-selected='true']") not in ([], first))
    home.press("k")
    eventually("and the first again", lambda: home.texts(".item[aria-selected='true']") == first)
    home.press("o")
    home.one(".overview")
    home.press("l")
    home.one(".list")
    home.press("?")
    home.one("dialog.help")
    home.press(Keys.ESCAPE)
    before = home.js("return getComputedStyle(document.body).backgroundColor")
    home.press("d")
    assert home.js("return getComputedStyle(document.body).backgroundColor") != before
    choose(home, "Does it change my traffic?")
    picture(home, "dark")
    home.press("d")


def test_everything_has_a_name(home: Browser):
    """What a screen reader would say of each control, as chromium computes it."""
    choose(home, "Plan a weekend in Lisbon")
    home.js("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    tree = home.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {"button", "link", "combobox", "searchbox", "textbox", "option", "listbox", "image", "navigation", "dialog"}
    nameless = [
        node["role"]["value"] for node in tree
        if not node.get("ignored") and node.get("role", {}).get("value") in roles and not node.get("name", {}).get("value")
    ]  # fmt: skip
    assert nameless == []
    assert len(tree) > 100


def test_nothing_that_a_model_wrote_runs(home: Browser, steno: Steno):
    """Prompts, answers, tool names, arguments, results, header values, model names and users, all of them hostile."""
    for payload in HOSTILE:
        ask(steno, payload, HOSTILE_THREAD, model=payload)
        use_tool(
            steno, HOSTILE_THREAD, payload + " tool", payload, payload, '{"' + "x" + '": ' + json.dumps(payload) + "}",
            headers={"user-agent": payload.encode("ascii", "ignore").decode().replace("\x00", "").replace("\x07", ""),
                     "x-steno-user-id": "<b>user</b>"},
        )  # fmt: skip
    home.open("about:blank")
    home.open(f"http://{steno.console}/")
    home.see(".item", HOSTILE[-1])
    picture(home, "hostile-list")
    seen = 0
    for path in [f"#/thread/{HOSTILE_THREAD}", "#/overview"] + [f"#/exchange/{id}" for id in hostile_ids(steno)]:
        home.js("location.hash = arguments[0]", path)
        eventually(f"{path} is shown", lambda: home.js(
            "return document.querySelector('article.thread, article.exchange, article.overview') !== null"))  # fmt: skip
        home.js("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        assert home.js("return document.body.scrollWidth <= innerWidth && !document.body.textContent.includes('\\u202e')")
        seen += sum(home.js("return document.body.textContent.includes(arguments[0])", payload) for payload in HOSTILE[:5])
        assert home.js("return window.pwned") is None
        assert home.js("return document.querySelectorAll('script, iframe, style, object, embed, base').length") == 1
        assert home.js("return document.querySelectorAll('main img, main b b').length") == 0
        assert home.js("return [...document.links].every((a) => a.protocol === 'http:' && a.host === location.host)")
        assert home.js("return [...document.querySelectorAll('*')].every((e) => [...e.attributes].every((a) => !a.name.startsWith('on')))")
        assert home.js("return getComputedStyle(document.body).display") == "grid"
        if "thread" in path:
            picture(home, "hostile-thread")
    assert seen > 20, "they are shown, as text"
    assert home.complaints() == []


def hostile_ids(steno: Steno) -> list[str]:
    status, body = steno.get_console(f"/api/v1/exchanges?thread={HOSTILE_THREAD}&size=100")
    assert status == 200
    return [item["id"] for item in json.loads(body)["items"]][:12]


def test_scripts_and_markup_of_others_are_refused_by_the_browser(home: Browser):
    """What would run if the viewer did make markup of text somewhere: the policy stops it."""
    blocked = home.js("""
        const out = [];
        try { document.createElement("div").innerHTML = "<b>x</b>"; out.push("markup"); } catch { }
        const script = document.createElement("script");
        try { script.textContent = "window.pwned = 9"; document.head.append(script); } catch { }
        return [out, window.pwned ?? null];
    """)
    assert blocked == [[], None]
    assert home.complaints()


def test_a_console_with_a_token_asks_for_it(page: Browser, start_steno: Any, tmp_path: pathlib.Path):
    (tmp_path / "token").write_text("sesame\n")
    upstream = Upstream(script)
    steno = start_steno(upstream.url, settings={"console.token_file": tmp_path / "token"})
    ask(steno, "A private question", str(uuid.uuid4()))
    page.open(f"http://{steno.console}/")
    page.one("#token").send_keys("wrong", Keys.ENTER)
    page.see(".login .problem", "That was not it.")
    assert "A private question" not in page.driver.page_source
    page.one("#token").send_keys("sesame", Keys.ENTER)
    page.see(".item", "A private question")
    page.open(f"http://{steno.console}/#/overview")
    page.see(".card strong", "1")
    assert page.js("return document.cookie") == ""
    assert "sesame" not in page.js("return JSON.stringify(localStorage)")


def test_many_rows_cost_few_elements(home: Browser):
    """The list keeps only what is in sight in the page, however many it has."""
    count = home.js("""return (async () => {
        const { ExchangeList } = await import("/viewer/list.js");
        const list = new ExchangeList(() => {});
        document.querySelector("main").replaceChildren(list.element);
        const row = (sequence) => ({ id: `i${sequence}`, sequence, thread_id: "t", start_timestamp: "2026-01-01T00:00:00Z",
          duration_ms: 5, operation_status: "SUCCESS", complete: true, tools: [], redactions: {}, query: `q${sequence}`, response: "r" });
        for (let n = 100000; n > 0; n -= 1) list.add(row(n), false);
        list.count = null; list.next = null;
        const begin = performance.now();
        let most = 0;
        for (let top = 0; top < 5600000; top += 56000) {
          list.viewport.scrollTop = top;
          list.draw();
          most = Math.max(most, list.rows.size);
        }
        return [list.items.length, most, list.rows.has("i1") || list.viewport.scrollTop > 5000000, (performance.now() - begin) / 100];
    })()""")
    items, most, reached, milliseconds = count
    assert (items, reached) == (100000, True)
    assert most < 60
    print(f"a jump among 100,000 rows takes {milliseconds:.1f} ms")
