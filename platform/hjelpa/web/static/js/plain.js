// Advice about plain language while somebody writes. Without this file the button opens the advice in a new window.
(() => {
  "use strict";
  const PAUSE = 700; // milliseconds without a key
  const SHORTEST = 20; // signs; less is not yet a text

  function line(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  function show(box, advice) {
    const title = line("p", advice.title);
    title.className = "plain-title";
    const parts = [title];
    if (advice.counted) parts.push(line("p", advice.counted));
    if (advice.lines.length) {
      const list = document.createElement("ul");
      list.className = "ds-list";
      list.append(...advice.lines.map((words) => line("li", words)));
      parts.push(list);
    }
    box.replaceChildren(...parts);
    box.hidden = false;
  }

  function begin(part) {
    const text = part.querySelector("textarea");
    const box = part.querySelector("[data-plain-advice]");
    const form = text.form;
    let waiting = null;
    let asking = null;
    let shown = null;

    async function ask(shortest) {
      const language = form.elements.namedItem("language")?.value || "";
      const now = language + "\n" + text.value;
      if (text.value.trim().length < shortest) { box.hidden = true; shown = null; return; }
      if (now === shown) return;
      asking?.abort();
      asking = new AbortController();
      const data = new FormData();
      data.set("text", text.value);
      data.set("language", language);
      data.set("csrf_token", form.elements.namedItem("csrf_token")?.value || "");
      try {
        const answer = await fetch(part.dataset.plain, { method: "POST", body: data, signal: asking.signal });
        if (!(answer.headers.get("content-type") || "").includes("json")) return; // signed out, or away: no advice
        show(box, await answer.json());
        shown = now;
      } catch { /* replaced by a newer question, or no network */ }
    }

    function later() {
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(SHORTEST), PAUSE);
    }
    text.addEventListener("input", later);
    text.addEventListener("focus", later);
    form.elements.namedItem("language")?.addEventListener?.("change", later);
    return () => ask(1);
  }

  const asks = new Map();
  document.querySelectorAll("[data-plain]").forEach((part) => {
    const form = part.querySelector("textarea").form;
    if (!form) return;
    asks.set(form, [...(asks.get(form) || []), begin(part)]);
  });
  document.querySelectorAll("button[data-plain-button]").forEach((button) => {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      (asks.get(button.form) || []).forEach((ask) => ask());
    });
  });
})();
