// One exchange: what was asked and answered, when each part of it came, and the raw request and response.

import { copyButton, duration, h, long, number, since, svg, time } from "./dom.js";
import { get } from "./api.js";

/** One that is not over: what its row in the list tells. */
export async function runningPage(item) {
  return h("article", { class: "exchange", "aria-label": "Exchange" },
    h("header", {},
      h("div", { class: "row" }, h("span", { class: "badge running" }, "running"), h("h1", {}, item.route)),
      h("p", { class: "sub" }, time(item.start_timestamp), ` · ${item.method} ${item.path}`),
      h("div", { class: "row actions" }, h("a", { class: "button", href: `#/thread/${item.thread_id}` }, "Conversation"), copyButton("Copy id", () => item.id))),
    h("dl", { class: "facts" }, h("div", {}, h("dt", {}, "Running for"), h("dd", {}, since(item.start_timestamp)))),
    h("p", { class: "sub" }, "What is said is shown when it is over."));
}

export async function exchangePage(id, signal) {
  const v4 = await get(`/api/v1/exchanges/${encodeURIComponent(id)}`, {}, signal);
  const meta = v4.operation_metadata ?? {};
  const { input = {}, output = {} } = v4;
  const isError = v4.operation_status === "ERROR";
  return h("article", { class: "exchange", "aria-label": "Exchange" },
    h("header", {},
      h("div", { class: "row" }, h("span", { class: isError ? "badge bad" : "badge good" }, isError ? "failed" : "succeeded"),
        h("h1", {}, meta["gen_ai.response.model"] ?? meta["gen_ai.request.model"] ?? input.request?.path ?? "Exchange")),
      h("p", { class: "sub" }, time(v4.start_timestamp), ` · ${input.request?.method ?? ""} ${input.request?.path ?? ""}`, output.status && ` · ${output.status}`),
      h("div", { class: "row actions" },
        h("a", { class: "button", href: `#/thread/${v4.thread_id}` }, "Conversation"),
        copyButton("Copy as curl", () => curl(v4)), copyButton("Copy id", () => id), copyButton("Copy JSON", () => JSON.stringify(v4, null, 2)))),
    facts(v4, meta), waterfall(v4, meta), redactions(meta), words(v4), raw("Request", head(input.request), input.request?.body),
    raw("Response", output.status === undefined ? [] : [["status", output.status]], output.body), details(meta));
}

function facts(v4, meta) {
  const usage = [
    ["Duration", duration(v4.duration_ms)], ["First token", duration(meta["steno.time_to_first_token_ms"])],
    ["Prompt", number(meta.prompt_tokens), meta["gen_ai.usage.cache_read.input_tokens"] !== undefined && `${number(meta["gen_ai.usage.cache_read.input_tokens"])} cached`],
    ["Answer", number(meta.response_tokens), meta["gen_ai.usage.reasoning.output_tokens"] !== undefined && `${number(meta["gen_ai.usage.reasoning.output_tokens"])} reasoning`],
    ["Tokens/s", number(meta["steno.output_tokens_per_second"])], ["Outcome", (meta["steno.outcome"] ?? "–").replaceAll("_", " "), meta["error.type"]],
  ];
  return h("dl", { class: "facts" }, usage.map(([name, value, note]) => h("div", {}, h("dt", {}, name), h("dd", {}, value, note && h("small", {}, note)))));
}

/** Bars over the time from the request's first byte to the answer's last. */
export function waterfall(v4, meta) {
  const total = Math.max(v4.duration_ms, 1);
  const start = Date.parse(v4.start_timestamp);
  const connection = meta["steno.connection"] ?? {};
  const firstByte = meta["steno.time_to_first_byte_ms"];
  const firstToken = meta["steno.time_to_first_token_ms"];
  const lines = [];
  const connect = (v4.trace_spans ?? []).find((span) => span.node_id === "connect");
  let at = connect ? Math.max(0, Date.parse(connect.start_timestamp) - start) : 0;
  for (const [name, key] of [["DNS", "dns_ms"], ["Connect", "connect_ms"], ["TLS", "tls_ms"]]) {
    if (connection[key] === undefined) continue;
    lines.push([name, at, connection[key], "connect"]);
    at += connection[key];
  }
  if (firstByte !== undefined) lines.push(["First byte", at, Math.max(0, firstByte - at), "wait"]);
  if (firstToken !== undefined) {
    lines.push(["First token", firstByte ?? 0, Math.max(0, firstToken - (firstByte ?? 0)), "think"]);
    lines.push(["Stream", firstToken, Math.max(0, total - firstToken), "flow"]);
  } else if (firstByte !== undefined) lines.push(["Body", firstByte, Math.max(0, total - firstByte), "flow"]);
  for (const span of v4.trace_spans ?? []) {
    if (["COMPLETION", "RERANKING"].includes(span.operation_type) || ["connect", "tls"].includes(span.node_id)) continue;
    lines.push([span.node_id, Date.parse(span.start_timestamp) - start, span.duration_ms ?? 0, "tool"]);
  }
  if (lines.length === 0) return null;
  const from = Math.min(0, ...lines.map((line) => line[1]));
  const to = Math.max(total, ...lines.map((line) => line[1] + line[2]));
  const stream = meta["steno.stream"];
  const gaps = stream && [
    `${number(stream.chunks)} ${stream.chunks === 1 ? "chunk" : "chunks"}`,
    stream.gap_median_ms !== undefined && `gap median ${duration(stream.gap_median_ms)}`,
    stream.gap_p99_ms !== undefined && `p99 ${duration(stream.gap_p99_ms)}`,
    stream.gap_longest_ms !== undefined && `longest ${duration(stream.gap_longest_ms)}`,
    stream.stalls > 0 && `${number(stream.stalls)} stalled for ${duration(stream.stalled_ms)}`,
  ].filter(Boolean).join(" · ");
  return h("section", {}, h("h2", {}, "Waterfall", connection.state && h("small", {}, `${connection.state} connection`)),
    h("table", { class: "waterfall" }, h("tbody", {}, lines.map(([name, begin, length, kind]) => {
      const bar = h("div", { class: `span ${kind}` });
      bar.style.marginLeft = `${((begin - from) / (to - from)) * 100}%`;
      bar.style.width = `${Math.max(0.3, (length / (to - from)) * 100)}%`;
      return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "lane" }, bar), h("td", { class: "length" }, duration(length)));
    }), arrivals(stream, from, to))), gaps && h("p", { class: "sub" }, `Stream: ${gaps}`));
}

/** Each gap of the stream, between two marks where chunks came; those that are long for this stream stand out. */
function arrivals(stream, from, to) {
  const steps = stream?.arrivals_ms ?? [];
  if (steps.length < 2) return null;
  const every = stream.arrivals_every ?? 1;
  const usual = Math.max((stream.gap_median_ms ?? 0) * every, 1);
  const x = (milliseconds) => ((milliseconds - from) / (to - from)) * 1000;
  let at = steps[0];
  const marks = steps.slice(1).map((step, index) => {
    const begin = at;
    at += step;
    const last = Math.min(stream.chunks, (index + 1) * every + 1);
    const kind = step >= 100 && step > 8 * usual ? "gap long" : "gap";
    return [
      svg("rect", { class: kind, x: x(begin), y: 3, width: Math.max(0, x(at) - x(begin)), height: 8 },
        svg("title", {}, `${duration(step)} until chunk ${number(last)}`)),
      svg("rect", { class: "mark", x: x(at) - 1, y: 0, width: 2, height: 14 }),
    ];
  });
  const label = `${number(steps.length - 1)} ${steps.length === 2 ? "gap" : "gaps"} of the stream, the longest ${duration(stream.gap_longest_ms)}`;
  return h("tr", {}, h("th", { scope: "row" }, every > 1 ? `Every ${number(every)} chunks` : "Gaps"),
    h("td", { class: "lane" }, svg("svg", { class: "gaps", viewBox: "0 0 1000 14", preserveAspectRatio: "none", role: "img", "aria-label": label },
      svg("rect", { class: "mark", x: x(steps[0]) - 1, y: 0, width: 2, height: 14 }), marks)),
    h("td", { class: "length" }, duration(at - steps[0])));
}

function redactions(meta) {
  const kinds = Object.entries(meta["steno.redactions"] ?? {});
  if (kinds.length === 0) return null;
  return h("section", {}, h("h2", {}, "Redacted"),
    h("p", { class: "row" }, kinds.map(([kind, count]) => h("span", { class: "chip redacted" }, kind.replaceAll("_", " "), h("b", {}, ` ${count}`)))));
}

function words({ input = {}, output = {} }) {
  const calls = output.tool_calls ?? [];
  return h("section", { class: "words" },
    input.query && said("user", "Question", input.query),
    output.reasoning && folded("Reasoning", output.reasoning),
    calls.map((call) => folded(`Calls ${call.name ?? "a tool"}`, typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments, null, 2), "tool")),
    output.response && said("agent", "Answer", output.response),
    (output.context ?? []).length > 0 && folded(`Context: ${output.context.length} pieces`, output.context.map((piece) => piece.text).join("\n\n")));
}

export function said(kind, title, text) {
  return h("div", { class: `said ${kind}` }, h("h3", {}, title), h("div", { class: "text" }, long(text)));
}

export function folded(title, text, kind = "") {
  return h("details", { class: `step ${kind}` }, h("summary", {}, title, h("small", {}, `${number(text.length)} characters`)), h("pre", {}, long(text)));
}

function head(request) {
  return Object.entries(request?.headers ?? {});
}

function raw(title, headers, body) {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body, null, 2);
  return h("section", { class: "raw" },
    h("details", {}, h("summary", {}, h("h2", {}, title), h("small", {}, text ? `${number(text.length)} characters` : "no body")),
      headers.length > 0 && h("table", { class: "headers" }, h("tbody", {}, headers.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, long(String(value))))))),
      text && h("div", { class: "code" }, copyButton("Copy", () => text), h("pre", { tabindex: "0" }, long(text)))));
}

function details(meta) {
  return h("section", { class: "raw" }, h("details", {}, h("summary", {}, h("h2", {}, "Metadata")),
    h("table", { class: "headers" }, h("tbody", {}, Object.entries(meta).map(([name, value]) =>
      h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, long(typeof value === "object" ? JSON.stringify(value) : String(value)))))))));
}

/** For a shell; credentials are not recorded, so they stand as a variable. */
export function curl({ input = {} }) {
  const request = input.request ?? {};
  const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
  const headers = request.headers ?? {};
  const left = new Set(["host", "content-length", "accept-encoding", "connection"]);
  const lines = [`curl ${quoted(`http://${headers.host ?? "127.0.0.1:4141"}${request.path ?? "/"}`)}`];
  if (request.method !== "POST" || request.body === undefined) lines.push(`-X ${quoted(request.method ?? "GET")}`);
  for (const [name, value] of Object.entries(headers)) if (!left.has(name)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  lines.push('-H "authorization: Bearer $API_KEY"');
  if (request.body !== undefined) lines.push(`--data-raw ${quoted(typeof request.body === "string" ? request.body : JSON.stringify(request.body))}`);
  return lines.join(" \\\n  ");
}
