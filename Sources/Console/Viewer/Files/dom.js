// Makes elements. Whatever comes from a model or an app gets in as text or as a plain attribute's value, never as markup.

const attributes = new Set(["aria-label", "aria-selected", "aria-activedescendant", "aria-current", "aria-expanded",
  "aria-pressed", "class", "colspan", "datetime", "disabled", "for", "height", "href", "id", "inputmode", "max", "min",
  "name", "open", "placeholder", "role", "scope", "selected", "spellcheck", "step", "tabindex", "title", "type", "value",
  "viewBox", "width", "x", "y", "rx", "autocomplete", "preserveAspectRatio"]);

// Characters that don't show, or that turn the order of others around, are shown by their numbers.
const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function visible(text) {
  return text.replace(hidden, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (attributes.has(name)) element.setAttribute(name, value === true ? "" : value);
    else throw new Error("no such attribute here: " + name);
  }
  const shown = children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
  element.append(...shown.map((child) => (child instanceof Node ? child : visible(String(child)))));
  return element;
}

export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

export function svg(tag, properties, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

const mark = /\[(REDACTED|HMAC):([A-Za-z0-9_.-]{1,64})(?::[0-9a-f]{1,64})?\]/g;

/** The text, with what was redacted in it marked and its kind told. */
export function rich(text) {
  const out = [];
  let end = 0;
  for (const found of text.matchAll(mark)) {
    if (found.index > end) out.push(visible(text.slice(end, found.index)));
    const word = found[1] === "HMAC" ? "hashed" : "redacted";
    out.push(h("mark", { class: "redacted", title: `${word}: ${found[2]}` },
      h("span", { class: "unseen" }, word + " "), found[2].replaceAll("_", " ")));
    end = found.index + found[0].length;
  }
  if (end < text.length) out.push(visible(text.slice(end)));
  return out;
}

export const number = (value) => (value === undefined || value === null ? "–" : value.toLocaleString("en-US"));

export function duration(milliseconds) {
  if (milliseconds === undefined || milliseconds === null) return "–";
  if (milliseconds < 1) return "< 1 ms";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function clock(text) {
  const time = new Date(text);
  return time.toLocaleTimeString("en-GB");
}

export function day(text) {
  const time = new Date(text);
  return time.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

export function time(text, withDay = true) {
  return h("time", { datetime: text, title: text }, withDay ? `${day(text)}, ${clock(text)}` : clock(text));
}

/** How long ago it was, told anew each second. */
export function since(text) {
  return h("time", { class: "since", datetime: text, title: text }, elapsed(text));
}

function elapsed(text) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(text)) / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}

setInterval(() => {
  for (const each of document.querySelectorAll(".since")) each.textContent = elapsed(each.dateTime);
}, 1000);

export function announce(text) {
  document.getElementById("announce").textContent = visible(text);
}

/** A button that copies what `make` gives. */
export function copyButton(label, make) {
  const button = h("button", { type: "button", class: "small" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(make());
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser refused";
    }
    announce(button.textContent);
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}

/** A text that may be very long: what is beyond the limit comes on demand. */
export function long(text, limit = 100_000) {
  if (text.length <= limit) return rich(text);
  const rest = h("button", { type: "button", class: "small" }, `Show all ${number(text.length)} characters`);
  const parts = [...rich(text.slice(0, limit)), rest];
  rest.addEventListener("click", () => rest.replaceWith(...rich(text.slice(limit))));
  return parts;
}
