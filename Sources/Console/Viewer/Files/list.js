// The list of exchanges, those that run on top: only the rows in sight are in the page, older ones are fetched as one comes
// near the end.

import { announce, clock, day, duration, h, number, rich, since } from "./dom.js";
import { follow, get } from "./api.js";

const rowHeight = 56;
const pageSize = 100;

export class ExchangeList {
  constructor(open) {
    this.open = open;
    this.items = [];
    this.running = [];
    this.known = new Set();
    this.fresh = [];
    this.rows = new Map();
    this.selected = undefined;
    this.filters = {};
    this.next = null;
    this.isLoading = true;
    this.build();
  }

  build() {
    const field = (label, control) => h("label", { class: "filter" }, h("span", { class: "unseen" }, label), control);
    const change = () => this.reload();
    const select = (name, options) => h("select", { name, onchange: change }, options.map(([value, text]) => h("option", { value }, text)));
    this.search = h("input", {
      type: "search", name: "q", placeholder: "Search what was said", "aria-label": "Search", spellcheck: "false",
      autocomplete: "off", oninput: () => { clearTimeout(this.typing); this.typing = setTimeout(change, 200); },
    });
    this.controls = {
      q: this.search,
      status: select("status", [["", "any status"], ["success", "succeeded"], ["error", "failed"]]),
      model: select("model", [["", "any model"]]), route: select("route", [["", "any route"]]), tool: select("tool", [["", "any tool"]]),
      user: select("user", [["", "any user"]]),
      since: select("since", [["", "any time"], ["900", "last 15 min"], ["3600", "last hour"], ["86400", "last day"], ["604800", "last week"]]),
      slower_than: select("slower_than", [["", "however long"], ["1000", "over 1 s"], ["5000", "over 5 s"], ["30000", "over 30 s"]]),
    };
    this.threadChip = h("span", { class: "row" });
    this.total = h("span", { class: "total" });
    this.pill = h("button", { type: "button", class: "pill", onclick: () => this.showFresh() });
    this.pill.hidden = true;
    this.spacer = h("div", { class: "spacer" });
    this.viewport = h("div", {
      class: "rows", role: "listbox", tabindex: "0", "aria-label": "Exchanges, the latest first", onscroll: () => this.draw(),
    }, this.spacer);
    this.empty = h("p", { class: "empty" });
    this.empty.hidden = true;
    const c = this.controls;
    this.element = h("section", { class: "list", "aria-label": "Exchanges" },
      h("div", { class: "tools", role: "search" }, this.search,
        h("div", { class: "filters" }, field("Status", c.status), field("Model", c.model), field("Route", c.route),
          field("Tool", c.tool), field("User", c.user), field("Time", c.since), field("Took", c.slower_than),
          this.threadChip, this.total)),
      h("div", { class: "stage" }, this.pill, this.viewport, this.empty));
    new ResizeObserver(() => this.draw()).observe(this.viewport);
  }

  async start(tell) {
    this.tell = tell;
    this.loadChoices();
    await this.reload();
  }

  async loadChoices() {
    const choices = await get("/api/v1/choices").catch(() => ({}));
    for (const name of ["model", "route", "tool", "user"]) {
      const control = this.controls[name];
      const has = new Set([...control.options].map((option) => option.value));
      for (const value of choices[name] ?? []) if (!has.has(value)) control.append(h("option", { value }, value));
      control.parentElement.hidden = control.options.length < (name === "route" ? 3 : 2);
    }
  }

  setThread(id) {
    this.thread = id;
    this.threadChip.replaceChildren(...(id ? [h("span", { class: "chip" }, "one conversation"),
      h("button", { type: "button", class: "small", "aria-label": "All conversations", onclick: () => this.setThread(undefined) }, "×")] : []));
    this.reload();
  }

  read() {
    const filters = { thread: this.thread };
    for (const [name, control] of Object.entries(this.controls)) filters[name] = control.value;
    if (filters.since) filters.from = new Date(Date.now() - Number(filters.since) * 1000).toISOString();
    delete filters.since;
    return filters;
  }

  async reload() {
    this.following?.abort();
    const following = this.following = new AbortController();
    this.filters = this.read();
    this.items = [];
    this.known.clear();
    this.fresh = [];
    this.next = null;
    this.rows.forEach((row) => row.remove());
    this.rows.clear();
    this.viewport.scrollTop = 0;
    this.isLoading = false;
    await this.more(following.signal, true);
    if (following.signal.aborted) return;
    const take = (item) => this.take(item);
    const run = (running) => this.run(running);
    follow({ ...this.filters, after: this.last }, { take, run, tell: this.tell }, following.signal);
  }

  async more(signal = this.following?.signal, isFirst = false) {
    if (!signal || this.isLoading || (!isFirst && this.next === null)) return;
    this.isLoading = true;
    try {
      const page = await get("/api/v1/exchanges", { ...this.filters, size: pageSize, before: isFirst ? undefined : this.next }, signal);
      if (signal.aborted) return;
      for (const item of page.items) this.add(item, false);
      this.next = page.next;
      if (isFirst) [this.count, this.last] = [page.total, page.last];
      if (isFirst) this.run(page.running);
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error.message;
      this.next = null;
    }
    this.isLoading = false;
    this.draw();
  }

  add(item, isNew) {
    if (this.known.has(item.sequence)) return false;
    this.known.add(item.sequence);
    if (isNew) this.items.unshift(item); else this.items.push(item);
    return true;
  }

  /** One that was recorded just now; `undefined`: some were left out. */
  take(item) {
    if (item === undefined) return void this.reload();
    if (this.known.has(item.sequence)) return;
    this.running = this.running.filter((each) => each.id !== item.id);
    if (this.count !== null && this.count !== undefined) this.count += 1;
    if (this.viewport.scrollTop < rowHeight) {
      this.add(item, true);
    } else {
      this.fresh.push(item);
      this.known.add(item.sequence);
    }
    this.scheduleDraw();
    this.onTake?.(item);
  }

  /** All that run now, the oldest first. */
  run(running) {
    this.running = running.reverse();
    this.scheduleDraw();
    this.onRun?.();
  }

  /** As they stand in the list. */
  at(index) {
    return this.running[index] ?? this.items[index - this.running.length];
  }

  get length() {
    return this.running.length + this.items.length;
  }

  indexOf(id) {
    const index = this.running.findIndex((item) => item.id === id);
    if (index >= 0) return index;
    const recorded = this.items.findIndex((item) => item.id === id);
    return recorded < 0 ? -1 : this.running.length + recorded;
  }

  showFresh() {
    for (const item of this.fresh) this.items.unshift(item);
    this.fresh = [];
    this.viewport.scrollTop = 0;
    this.draw();
  }

  scheduleDraw() {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => { this.isScheduled = false; this.draw(); });
  }

  draw() {
    const { scrollTop, clientHeight } = this.viewport;
    this.spacer.style.height = `${this.length * rowHeight}px`;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 4);
    const last = Math.min(this.length, Math.ceil((scrollTop + clientHeight) / rowHeight) + 4);
    const wanted = new Set();
    for (let index = first; index < last; index += 1) {
      const item = this.at(index);
      const key = rowID(item);
      wanted.add(key);
      let row = this.rows.get(key);
      if (!row) {
        row = item.sequence === undefined ? this.runningRow(item) : this.row(item);
        this.rows.set(key, row);
        this.spacer.append(row);
      }
      row.style.transform = `translateY(${index * rowHeight}px)`;
      row.setAttribute("aria-posinset", index + 1);
      row.setAttribute("aria-setsize", this.count ?? -1);
      row.setAttribute("aria-selected", item.id === this.selected);
    }
    for (const [key, row] of this.rows) {
      if (!wanted.has(key)) { row.remove(); this.rows.delete(key); }
    }
    this.pill.hidden = this.fresh.length === 0;
    this.pill.textContent = `${number(this.fresh.length)} new`;
    const total = this.count === null ? "over 10,000" : this.count === undefined ? "" : `${number(this.count)} ${this.count === 1 ? "exchange" : "exchanges"}`;
    this.total.textContent = this.running.length > 0 ? `${number(this.running.length)} running · ${total}` : total;
    this.empty.hidden = this.length > 0 || this.isLoading;
    const isFiltered = Object.values(this.filters).some((value) => value);
    this.empty.textContent = this.problem ?? (isFiltered ? "Nothing was recorded that fits." : "Nothing was recorded yet. Point an app at Steno, and its exchanges appear here.");
    if (this.length - last < pageSize / 2) this.more();
  }

  row(item) {
    const isError = item.operation_status === "ERROR";
    const tokens = item.prompt_tokens === undefined && item.response_tokens === undefined ? "" : `${number(item.prompt_tokens)} → ${number(item.response_tokens)}`;
    const redactions = Object.keys(item.redactions).length;
    const question = item.query || (item.tools.length ? "" : item.dialect ?? "");
    return h("div", {
      class: isError ? "item failed" : "item", role: "option", id: rowID(item), onclick: () => this.choose(item),
    },
    h("span", { class: "when" }, h("time", { datetime: item.start_timestamp, title: `${day(item.start_timestamp)} ${item.start_timestamp}` }, clock(item.start_timestamp)),
      h("small", {}, isError ? item.http_status >= 400 ? `${item.http_status}` : (item.outcome ?? "error").replaceAll("_", " ") : day(item.start_timestamp).replace(/ \d+$/, ""))),
    h("span", { class: "said" }, h("b", {}, rich(oneLine(question) || "(no question)")),
      h("span", { class: "answer" }, item.tools.map((tool) => h("span", { class: "tool" }, tool)), rich(oneLine(item.response)))),
    h("span", { class: "who" }, h("span", {}, item.model ?? item.route ?? ""), h("small", {}, tokens, redactions > 0 && h("span", { class: "shield", title: "holds redactions" }, " ◼"))),
    h("span", { class: "took" }, h("span", {}, duration(item.duration_ms)),
      h("small", {}, item.time_to_first_token_ms === undefined ? "" : `first ${duration(item.time_to_first_token_ms)}`)));
  }

  runningRow(item) {
    return h("div", { class: "item running", role: "option", id: rowID(item), onclick: () => this.choose(item) },
      h("span", { class: "when" }, h("time", { datetime: item.start_timestamp, title: item.start_timestamp }, clock(item.start_timestamp)), h("small", {}, "running")),
      h("span", { class: "said" }, h("b", {}, rich(`${item.method} ${item.path}`)), h("span", { class: "answer" }, "What is said is shown when it is over.")),
      h("span", { class: "who" }, h("span", {}, item.route)), h("span", { class: "took" }, since(item.start_timestamp)));
  }

  choose(item) {
    this.select(item.id);
    this.open(item);
  }

  select(id) {
    this.selected = id;
    const index = this.indexOf(id);
    if (index >= 0) {
      const item = this.at(index);
      const top = index * rowHeight;
      const { scrollTop, clientHeight } = this.viewport;
      if (top < scrollTop) this.viewport.scrollTop = top;
      else if (top + rowHeight > scrollTop + clientHeight) this.viewport.scrollTop = top + rowHeight - clientHeight;
      this.viewport.setAttribute("aria-activedescendant", rowID(item));
      announce(`${index + 1}: ${item.query === undefined ? "running" : oneLine(item.query).slice(0, 80)}`);
    }
    this.draw();
  }

  move(step) {
    if (this.length === 0) return;
    const index = this.indexOf(this.selected);
    const next = Math.max(0, Math.min(this.length - 1, index < 0 ? 0 : index + step));
    this.choose(this.at(next));
  }
}

/** One that runs gets another row when it is recorded. */
function rowID(item) {
  return `row-${item.sequence ?? item.id}`;
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
