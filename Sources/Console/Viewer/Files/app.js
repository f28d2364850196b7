// The page: which view is shown for which address, the keyboard, light and dark.

import { announce, h } from "./dom.js";
import { ExchangeList } from "./list.js";
import { exchangePage, runningPage } from "./exchange.js";
import { threadPage } from "./thread.js";
import { overviewPage } from "./overview.js";

const main = document.getElementById("main");
const live = document.getElementById("live");
const pane = h("aside", { class: "pane", tabindex: "-1", "aria-label": "Details" });
const list = new ExchangeList((item) => { location.hash = `#/exchange/${item.id}`; });
const split = h("div", { class: "split" }, list.element, pane);
let showing;
let shown;
let runningShown = "";

async function route() {
  showing?.abort();
  const { signal } = (showing = new AbortController());
  runningShown = runningHere();
  const [, view = "", id] = location.hash.split("/");
  const isOverview = view === "overview";
  document.getElementById("nav-list").setAttribute("aria-current", isOverview ? "false" : "page");
  document.getElementById("nav-overview").setAttribute("aria-current", isOverview ? "page" : "false");
  if (isOverview) {
    const page = await overviewPage(signal).catch(failed);
    if (!signal.aborted) main.replaceChildren(page);
    return;
  }
  if (!split.isConnected) main.replaceChildren(split);
  split.classList.toggle("open", Boolean(id));
  if (!id) {
    list.select(undefined);
    pane.replaceChildren(h("p", { class: "empty" }, "Choose an exchange to see all of it."));
    return;
  }
  const known = decodeURIComponent(id);
  if (view === "exchange") list.select(known);
  const running = list.running.find((item) => item.id === known);
  const page = await (view === "thread" ? threadPage(known, showInList, signal)
    : running ? runningPage(running) : exchangePage(known, signal)).catch(failed);
  if (signal.aborted) return;
  pane.replaceChildren(h("a", { class: "close", href: "#/", "aria-label": "Close" }, "×"), page);
  if (shown !== location.hash) pane.scrollTop = 0;
  shown = location.hash;
  announce(page.getAttribute("aria-label") ?? "");
}

function showInList(id) {
  list.setThread(id);
}

function failed(error) {
  return h("p", { class: "empty problem" }, error.message);
}

// A conversation that goes on is shown as it does, and what ran when it is over.
list.onTake = (item) => {
  if ([`#/thread/${item.thread_id}`, `#/exchange/${item.id}`].includes(location.hash)) route();
};
list.onRun = () => {
  if (runningHere() !== runningShown) route();
};

/** Which of what is shown runs. */
function runningHere() {
  return list.running.filter((item) => [`#/thread/${item.thread_id}`, `#/exchange/${item.id}`].includes(location.hash)).map((item) => item.id).join();
}

const help = h("dialog", { class: "help", "aria-label": "Keyboard" }, h("h2", {}, "Keyboard"),
  h("dl", {}, [["j  k", "next and previous exchange"], ["/", "search"], ["t", "its conversation"], ["o", "overview"], ["l", "list"],
    ["d", "light or dark"], ["Esc", "close"], ["?", "this"]].map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))),
  h("div", { class: "row" }, h("button", { type: "button", onclick: () => help.close() }, "Close")));
document.body.append(help);

const keys = {
  j: () => list.move(1), ArrowDown: () => list.move(1), k: () => list.move(-1), ArrowUp: () => list.move(-1),
  "/": () => list.search.focus(), o: () => { location.hash = "#/overview"; }, l: () => { location.hash = "#/"; },
  t: () => {
    const item = list.at(list.indexOf(list.selected));
    if (item) location.hash = `#/thread/${item.thread_id}`;
  },
  d: toggleTheme, "?": () => help.showModal(), Escape: () => { location.hash = "#/"; },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  // Arrows move what has the focus; in the pane they scroll it.
  if (event.key.startsWith("Arrow") && pane.contains(event.target)) return;
  const action = keys[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

function toggleTheme() {
  const isDark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("steno.theme", document.documentElement.dataset.theme);
}

const theme = localStorage.getItem("steno.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
document.getElementById("theme").addEventListener("click", toggleTheme);
document.getElementById("keys").addEventListener("click", () => help.showModal());
addEventListener("hashchange", route);
// A page that the browser keeps for the way back must not keep a connection.
addEventListener("pagehide", () => list.following?.abort());
addEventListener("pageshow", (event) => { if (event.persisted) list.reload(); });

route();
list.start((state) => {
  live.textContent = state === "live" ? "live" : "reconnecting";
  live.dataset.state = state;
});
