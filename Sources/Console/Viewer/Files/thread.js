// A conversation: each turn's question and answer, and the agent's steps between them, folded.

import { duration, h, long, number, since, time } from "./dom.js";
import { get } from "./api.js";

export async function threadPage(id, showInList, signal) {
  const items = [];
  let meta;
  const end = new Date().toISOString();
  for (let page = 1; page <= 20; page += 1) {
    const found = await get("/api/v1/interactions", {
      channel_id: id, end_time: end, size: 100, page, sort_order: "asc", include_nested_interactions: true, include_incomplete: true,
      include_external_agents: true,
    }, signal);
    items.push(...found.items);
    meta = found.meta;
    if (!meta.has_next) break;
  }
  // Of what runs, the turn is not known yet.
  const turns = Map.groupBy(items, (item) => item.interaction_id ?? item.id);
  const exchanges = new Set();
  const visit = (item) => { exchanges.add(item.metadata["steno.interaction_id"]); (item.nested_interactions ?? []).forEach(visit); };
  items.forEach(visit);
  return h("article", { class: "thread", "aria-label": "Conversation" },
    h("header", {}, h("h1", {}, "Conversation"),
      h("p", { class: "sub" }, `${number(turns.size)} ${turns.size === 1 ? "turn" : "turns"} · ${number(exchanges.size)} ${exchanges.size === 1 ? "exchange" : "exchanges"}`,
        items[0] && " · ", items[0] && time(items[0].created_at)),
      h("div", { class: "row actions" }, h("button", { type: "button", class: "small", onclick: () => showInList(id) }, "Show its exchanges"))),
    items.length === 0 && h("p", { class: "empty" }, "Nothing of it is in the store."),
    [...turns.values()].map((turn, index) => turnSection(turn, index + 1)),
    meta?.has_next && h("p", { class: "sub" }, `The first ${number(items.length)} messages are shown.`));
}

function turnSection(turn, index) {
  return h("section", { class: "turn", "aria-label": `Turn ${index}` }, turn.map((item) => [
    item.content_role === "agent_reasoning" ? step(item) : message(item),
    steps(item),
  ]));
}

function steps(item) {
  const nested = flat(item.nested_interactions ?? []);
  if (nested.length === 0) return null;
  const names = [...new Set(nested.filter((each) => each.content[0]?.type === "tool_call").map((each) => each.content[0].name))];
  return h("details", { class: "steps" },
    h("summary", {}, `${number(nested.length)} ${nested.length === 1 ? "step" : "steps"}`, names.length > 0 && h("small", {}, names.join(", "))),
    nested.map(step));
}

/** The tree, told line by line: what hangs under an event comes behind it. */
function flat(items) {
  return items.flatMap((item) => [item, ...flat(item.nested_interactions ?? [])]);
}

const titles = { reasoning: "Reasoning", tool_call: "Calls", tool_result: "Got back from", retrieval: "Looked up", text: "Said" };

function step(item) {
  const content = item.content[0] ?? { type: "text", text: "" };
  const text = content.type === "tool_call" && typeof content.arguments === "object" ? JSON.stringify(content.arguments, null, 2) : content.text;
  return h("details", { class: `step ${content.type}` },
    h("summary", {}, h("span", {}, titles[content.type] ?? content.type, content.name && h("b", {}, ` ${content.name}`)), h("small", {}, preview(text))),
    h("pre", {}, long(text)), link(item));
}

function preview(text) {
  return text.replace(/\s+/g, " ").slice(0, 120);
}

function message(item) {
  if (item.metadata["steno.state"]) return unrecorded(item);
  const isUser = item.content_role === "user_message";
  const text = item.content.map((part) => part.text).join("\n");
  const failed = item.metadata.operation_status === "ERROR" && !isUser;
  return h("div", { class: `said ${isUser ? "user" : "agent"}` },
    h("h3", {}, isUser ? item.participant.user_id ?? "User" : item.metadata["gen_ai.response.model"] ?? "Agent",
      h("small", {}, time(item.created_at, false), !isUser && ` · ${duration(item.metadata.duration_ms)}`),
      failed && h("span", { class: "badge bad" }, item.complete ? `status ${item.metadata["http.response.status_code"] ?? "–"}` : (item.metadata["steno.outcome"] ?? "failed").replaceAll("_", " "))),
    h("div", { class: "text" }, text ? long(text) : h("span", { class: "sub" }, "(no text)")), !isUser && link(item));
}

/** What runs, or broke off with Steno itself: nothing of what it says is known. */
function unrecorded(item) {
  const runs = item.metadata["steno.state"] === "running";
  return h("div", { class: "said agent" },
    h("h3", {}, "Agent", h("small", {}, time(item.created_at, false)),
      h("span", { class: runs ? "badge running" : "badge bad" }, runs ? "running" : "broke off")),
    h("div", { class: "text" }, h("span", { class: "sub" }, runs ? ["Running for ", since(item.created_at), ". What is said is shown when it is over."]
      : "Steno ended while it ran, so nothing of it was recorded.")), runs && link(item));
}

function link(item) {
  return h("a", { class: "through", href: `#/exchange/${item.metadata["steno.interaction_id"]}` }, "Exchange");
}
