// How it goes: counts, times, tokens, tools and redactions of a stretch of time, and how far each sink is.

import { clock, day, duration, h, number, svg } from "./dom.js";
import { get } from "./api.js";

const ranges = [["900", "15 min"], ["3600", "1 hour"], ["86400", "1 day"], ["604800", "7 days"], ["2592000", "30 days"]];
let chosen = "3600";

export async function overviewPage(signal) {
  const body = h("div", { class: "grid" });
  const buttons = ranges.map(([value, text]) => h("button", {
    type: "button", class: "small", value, onclick: (event) => { chosen = event.currentTarget.value; draw(); },
  }, text));
  async function draw() {
    for (const button of buttons) button.setAttribute("aria-pressed", button.value === chosen);
    const to = new Date();
    const from = new Date(to - Number(chosen) * 1000);
    const found = await Promise.all([
      get("/api/v1/statistics", { from: from.toISOString(), to: to.toISOString(), buckets: 60 }, signal), get("/api/v1/account", {}, signal),
    ]).catch((error) => error);
    if (signal.aborted) return;
    body.replaceChildren(...(found instanceof Error ? [h("p", { class: "empty" }, found.message)] : cards(...found)));
  }
  await draw();
  // Sums over days cost the store more, and change less.
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    if (!document.hidden && (Number(chosen) <= 3600 || beats % 12 === 0)) draw();
  }, 5000);
  signal.addEventListener("abort", () => clearInterval(timer));
  return h("article", { class: "overview", "aria-label": "Overview" },
    h("header", { class: "row" }, h("h1", {}, "Overview"), h("div", { class: "row ranges", role: "group", "aria-label": "Time" }, buttons)), body);
}

function cards(data, account) {
  const share = data.interactions === 0 ? "" : `${((data.errors / data.interactions) * 100).toFixed(1)} %`;
  const tokens = data.models.reduce((sum, model) => sum + model.prompt_tokens + model.response_tokens, 0);
  return [
    card("Exchanges", h("strong", {}, number(data.interactions)), h("small", {}, `${number(data.threads)} conversations`)),
    card("Failed", h("strong", { class: data.errors > 0 ? "bad" : "" }, number(data.errors)), h("small", {}, share)),
    times("First token", data.time_to_first_token_ms), times("Duration", data.duration_ms),
    wide("Exchanges over time", chart(data.buckets, (b) => b.interactions, (b) => b.errors, "exchanges", "failed")),
    wide("Tokens over time", chart(data.buckets, (b) => b.tokens, () => 0, "tokens"), number(tokens)),
    wide("Models", data.models.length === 0 ? none() : h("table", { class: "sums" },
      h("thead", {}, h("tr", {}, ["Model", "Exchanges", "Prompt", "Answer"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, data.models.map((model) => h("tr", {}, h("th", { scope: "row" }, model.name || "unknown"),
        h("td", {}, number(model.interactions)), h("td", {}, number(model.prompt_tokens)), h("td", {}, number(model.response_tokens))))))),
    wide("Account", books(account), "since this store was made"), wide("Sinks", sinks(Object.entries(account.sinks))),
    wide("Tools", bars(data.tools)), wide("Redactions", bars(data.redactions)),
  ];
}

/** What became of each exchange there ever was. */
function books(account) {
  const line = (name, count, kind = "") => [h("dt", { class: kind }, name), h("dd", { class: kind === "part" && count > 0 ? "bad" : "" }, number(count))];
  const parts = (counts) => Object.entries(counts).map(([reason, count]) => line(reason.replaceAll("_", " "), count, "part"));
  return h("dl", { class: "account" }, line("Exchanges that ended", account.exchanges),
    account.received > 0 && line("Received by the v4 API", account.received), line("Recorded", account.recorded),
    line("Dropped", total(account.dropped)), parts(account.dropped),
    account.waiting > 0 && line("Waiting to be recorded", account.waiting), line("Running now", account.open),
    line("In the store", account.held), total(account.gone) > 0 && [line("No more in it", total(account.gone)), parts(account.gone)]);
}

const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

function sinks(each) {
  if (each.length === 0) return h("p", { class: "sub" }, "None is set: what is recorded stays in the store.");
  return h("table", { class: "sums" },
    h("thead", {}, h("tr", {}, ["Sink", "Backlog", "Delivered", "Dead"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, each.map(([name, sink]) => h("tr", {}, h("th", { scope: "row" }, name),
      h("td", { title: sink.oldest ? `the oldest was recorded ${sink.oldest}` : "" }, number(sink.backlog)), h("td", {}, number(sink.delivered)),
      h("td", { class: total(sink.dead) > 0 ? "bad" : "", title: Object.entries(sink.dead).map(([reason, count]) => `${reason}: ${count}`).join(", ") },
        number(total(sink.dead)))))));
}

const card = (title, ...content) => h("section", { class: "card" }, h("h2", {}, title), content);
const wide = (title, content, note) => h("section", { class: "card wide" }, h("h2", {}, title, note && h("small", {}, note)), content);
const none = () => h("p", { class: "sub" }, "None in this time.");

function times(title, values) {
  return card(title, h("strong", {}, values ? duration(values.p50) : "–"), h("small", {}, values ? `p95 ${duration(values.p95)} · p99 ${duration(values.p99)}` : "median"));
}

function bars(counts) {
  if (counts.length === 0) return none();
  const most = Math.max(...counts.map((each) => each.count));
  return h("table", { class: "bars" }, h("tbody", {}, counts.slice(0, 12).map((each) => {
    const bar = h("div", { class: "measure" });
    bar.style.width = `${(each.count / most) * 100}%`;
    return h("tr", {}, h("th", { scope: "row", title: each.name }, each.name.replaceAll("_", " ")), h("td", { class: "lane" }, bar), h("td", {}, number(each.count)));
  })));
}

function chart(buckets, value, part, word, partWord) {
  const most = Math.max(1, ...buckets.map(value));
  const width = 600 / buckets.length;
  const height = (count) => (count === 0 ? 0 : Math.max(1, (count / most) * 96));
  const sum = buckets.reduce((total, bucket) => total + value(bucket), 0);
  const figure = svg("svg", { viewBox: "0 0 600 100", preserveAspectRatio: "none", role: "img", "aria-label": `${number(sum)} ${word}, at most ${number(most)} in one of ${buckets.length} parts` },
    buckets.map((bucket, index) => {
      const all = height(value(bucket));
      const some = height(part(bucket));
      return svg("g", {}, svg("title", {}, `${clock(bucket.start)}: ${number(value(bucket))} ${word}${part(bucket) ? `, ${number(part(bucket))} ${partWord}` : ""}`),
        svg("rect", { class: "hit", x: index * width, y: 0, width, height: 100 }),
        svg("rect", { class: "good", x: index * width + 1, y: 100 - all, width: Math.max(1, width - 2), height: all }),
        svg("rect", { class: "bad", x: index * width + 1, y: 100 - some, width: Math.max(1, width - 2), height: some }));
    }));
  const isLong = new Date(buckets.at(-1).start) - new Date(buckets[0].start) > 86_400_000;
  const label = (bucket) => (isLong ? day(bucket.start).replace(/ \d+$/, "") : clock(bucket.start).slice(0, 5));
  return h("div", { class: "chart" }, h("span", { class: "top" }, number(most)), figure,
    h("div", { class: "axis" }, h("span", {}, label(buckets[0])), h("span", {}, label(buckets[Math.floor(buckets.length / 2)])), h("span", {}, "now")));
}
