// Talks to the console. The token, where one is needed, is kept for this tab only.

import { h } from "./dom.js";

const key = "steno.token";
let asking;

function headers() {
  const token = sessionStorage.getItem(key);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Asks for the token until the console takes one. */
function askForToken(message) {
  asking ??= new Promise((resolve) => {
    const input = h("input", { type: "password", id: "token", autocomplete: "off", spellcheck: "false" });
    const dialog = h("dialog", { class: "login", "aria-label": "Token" },
      h("h2", {}, "This console needs its token"),
      h("p", {}, "It is in the file that console.token_file names. It stays in this tab."),
      message && h("p", { class: "problem", role: "alert" }, message),
      h("label", { for: "token" }, "Token"), input,
      h("div", { class: "row" }, h("button", { type: "button", onclick: done }, "Continue")));
    function done() {
      sessionStorage.setItem(key, input.value.trim());
      dialog.close();
      dialog.remove();
      asking = undefined;
      resolve();
    }
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") done(); });
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}

async function ask(path, signal) {
  for (;;) {
    const shown = sessionStorage.getItem(key);
    const response = await fetch(path, { headers: headers(), signal, cache: "no-store" });
    if (response.status === 401) {
      // Another request may have been given the token meanwhile.
      if (shown === sessionStorage.getItem(key)) await askForToken(shown ? "That was not it." : "");
      continue;
    }
    if (!response.ok) {
      const body = await response.json().catch(() => ({}));
      const detail = typeof body.detail === "string" ? body.detail : `status ${response.status}`;
      throw new Error(Array.isArray(body.detail) ? body.detail.map((d) => `${d.loc.at(-1)}: ${d.msg}`).join("; ") : detail);
    }
    return response;
  }
}

export async function get(path, parameters = {}, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  const text = query.toString();
  return (await ask(text ? `${path}?${text}` : path, signal)).json();
}

/** Follows the live feed for ever: `take` gets each exchange, `run` all that run, `tell` how the connection is. */
export async function follow(parameters, { take, run, tell }, signal) {
  let last;
  let wait = 500;
  while (!signal.aborted) {
    try {
      const query = new URLSearchParams(Object.entries({ ...parameters, after: last ?? parameters.after }).filter(([, v]) => v !== undefined && v !== ""));
      const response = await ask(`/api/v1/stream?${query}`, signal);
      tell("live");
      wait = 500;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) {
          const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
          if (fields.event === "exchange") {
            last = fields.id;
            take(JSON.parse(fields.data));
          } else if (fields.event === "running") run(JSON.parse(fields.data));
          else if (fields.event === "gap") take(undefined);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
    }
    tell("waiting");
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, 10_000);
  }
}
