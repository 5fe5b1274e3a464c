// The citizen's answers: kept in this tab until they have arrived, and sent again when the network was away.
// Without this file the form is sent as any other. Needs scale.js for the lines themselves, and is loaded before it.
(() => {
  "use strict";
  const PREFIX = "scale:";
  const WAITS = [2, 4, 8, 15, 30]; // seconds before the next try
  const PATIENCE = 15000; // milliseconds before a try without an answer is given up
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })(); // may be forbidden
  let online = () => {};

  function read(key) {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  }
  function write(key, record) {
    try { store.setItem(key, JSON.stringify(record)); } catch { /* full or forbidden: they stay on the page */ }
  }
  function forget(key) {
    try { store.removeItem(key); } catch { /* forbidden */ }
  }
  const fieldsOf = (form) => [...form.elements].filter((field) =>
    field.name && field.name !== "csrf_token" && field.type !== "submit" && (field.type !== "radio" || field.checked));
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // The answer's page in the place of this one: no further request that might not come through.
  function show(page) {
    const main = document.adoptNode(page.querySelector("main"));
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    scrollTo(0, 0);
    (main.querySelector("ds-error-summary, .ds-alert[tabindex]") || main).focus();
    start(false);
    document.dispatchEvent(new Event("scale:drawn"));
  }

  function begin(form, sheet, fresh) {
    const key = PREFIX + new URL(form.action, location.href).pathname;
    const until = Date.now() + sheet.dataset.sheet * 1000;
    const notice = form.querySelector("[data-not-sent]");
    let pending = null, sending = false, tries = 0, refused = 0, timer;

    const keep = () => write(key, { until, pending, values: fieldsOf(form).map((field) => [field.name, field.value]) });

    function restore() {
      const saved = read(key);
      if (!saved || saved.until < Date.now()) return;
      for (const [name, value] of saved.values) if (form.elements[name]) form.elements[name].value = value;
      pending = saved.pending;
    }

    function settle(busy) {
      sending = busy;
      form.querySelectorAll("button[type=submit]").forEach((button) =>
        busy ? button.setAttribute("aria-disabled", "true") : button.removeAttribute("aria-disabled"));
    }

    function later() {
      settle(false);
      notice.hidden = false;
      const wait = WAITS[Math.min(tries++, WAITS.length - 1)] * (.75 + Math.random() / 2);
      timer = setTimeout(send, wait * 1000);
    }

    function done(page) {
      online = () => {};
      clearTimeout(timer);
      show(page);
    }

    // The form's own secret is no longer good, as after a sign-out in another tab: the page has a new one.
    async function renew() {
      const answer = await fetch(form.action, { signal: AbortSignal.timeout(PATIENCE) });
      const token = parse(await answer.text()).querySelector("main [name=csrf_token]");
      if (token) form.elements.csrf_token.value = token.value;
    }

    async function send() {
      if (sending || !pending || !form.isConnected) return;
      clearTimeout(timer);
      settle(true);
      const body = new URLSearchParams(new FormData(form));
      if (pending[0]) body.append(...pending);
      let status, page;
      try {
        const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
        status = answer.status;
        page = parse(await answer.text());
        if (status === 400 && !refused++) {
          await renew();
          return later();
        }
      } catch {
        return later();
      }
      const received = page.querySelector("[data-received-scale]"), asked = page.querySelector("form [data-sheet]");
      if (received) forget(key);
      else if (status === 422 && asked) {
        pending = null; // it is the citizen's turn again
        keep();
      } else if (status === 404) forget(key); // the address lives no longer
      else if (status !== 400) return later();
      done(page);
    }

    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button?.hasAttribute("formaction")) return; // it goes elsewhere
      event.preventDefault();
      if (sending) return;
      pending = [button?.name || "", button?.value || ""];
      keep();
      send();
    });
    // After the line's own listeners, which settle what is answered.
    ["input", "click", "pointerup", "pointercancel", "keydown"].forEach((kind) => form.addEventListener(kind, keep));
    online = send;
    setTimeout(() => forget(key), until - Date.now());
    if (fresh) restore();
    if (pending) send();
  }

  function start(fresh) {
    const sheet = document.querySelector("form [data-sheet]");
    if (sheet) begin(sheet.closest("form"), sheet, fresh);
  }

  window.addEventListener("online", () => online());
  start(true);
})();
