// Small kindnesses. Every page works without this file.
(() => {
  "use strict";
  const PREFIX = "keep:";
  const HOURS = 8;
  const account = document.body.dataset.account || "";
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })(); // may be forbidden

  // -- one sending at a time; aria-disabled and not disabled, so that focus and the button's value survive --
  function guard(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeat")) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "1";
    form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(() => release(form), 8000); // a lost network must not leave a dead form
  }
  function release(form) {
    delete form.dataset.sending;
    form.querySelectorAll("button[type=submit]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
  document.addEventListener("submit", guard);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

  // -- somebody's page never comes back from the browser's memory: who holds the screen may have changed. Hidden when
  //    it is left, so that nothing is seen before the server has been asked anew --
  window.addEventListener("pagehide", (event) => {
    const somebodys = account || document.querySelector("[data-sheet], [data-received-scale]");
    if (event.persisted && somebodys) document.documentElement.style.display = "none";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.style.display === "none") location.reload();
  });

  // -- keep what is typed, in this tab only, and bring it back to the person who returns to it: after a session that
  //    ended, a reload, or the way back from another page. Whoever opens the form anew gets it empty.
  //    What people do not see is nothing that they have typed. --
  const kept = (field) => field.name && !["hidden", "password", "file", "submit", "range"].includes(field.type)
    && !field.closest("[aria-hidden=true]");
  const keyOf = (path) => PREFIX + account + ":" + path;
  const keyOfForm = (form) => keyOf(new URL(form.action, location.href).pathname);
  const drafts = () => Object.keys(store).filter((name) => name.startsWith(PREFIX));
  function read(key) {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  }
  function write(form) {
    const values = [...form.elements].filter(kept).map((field) =>
      [field.name, field.value, field.type === "checkbox" || field.type === "radio" ? field.checked : null]);
    try { store.setItem(keyOfForm(form), JSON.stringify({ values, at: Date.now() })); } catch { /* full */ }
  }
  function restore(form) {
    const saved = read(keyOfForm(form));
    if (!saved) return;
    for (const [name, value, checked] of saved.values) {
      for (const field of form.elements) {
        if (field.name !== name || !kept(field)) continue;
        if (checked === null) field.value = value;
        else if (field.value === value) field.checked = checked;
      }
    }
    form.querySelectorAll("[data-kept]").forEach((notice) => { notice.hidden = false; });
  }

  // Answers (sheet.js) that have arrived, or never did while the address they were for was good.
  function clearAnswers() {
    if (document.querySelector("[data-received-scale]")) store.removeItem("scale:" + location.pathname);
    for (const key of Object.keys(store).filter((name) => name.startsWith("scale:"))) {
      if (!(read(key)?.until > Date.now())) store.removeItem(key);
    }
  }

  function clearAway() {
    const received = document.body.dataset.received;
    if (received) store.removeItem(keyOf(received));
    for (const key of drafts()) {
      const saved = read(key);
      const old = !saved || Date.now() - saved.at > HOURS * 3600000;
      const anothers = account && !key.startsWith(keyOf(""));
      if (old || anothers) store.removeItem(key);
    }
  }

  const RETURNED = "#typed"; // the server leads a person back with this
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  const returned = location.hash === RETURNED || arrival === "reload" || arrival === "back_forward";
  function begin(form) {
    const sentBack = form.querySelector("[aria-invalid=true], .ds-error-summary"); // the words are there already
    if (returned && !sentBack) restore(form);
    else if (!sentBack) store.removeItem(keyOfForm(form));
    form.addEventListener("input", () => write(form));
    form.addEventListener("submit", () => write(form));
  }

  // Cancel, or any other link out of the page, gives up what was typed; the help page does not.
  function leave(event, forms) {
    const link = event.target.closest("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const stays = link.hash && link.pathname === location.pathname && link.search === location.search;
    if (stays || link.target || link.hasAttribute("download") || link.classList.contains("help")) return;
    forms.forEach((form) => store.removeItem(keyOfForm(form)));
  }

  if (store) {
    clearAway();
    clearAnswers();
    const forms = [...document.querySelectorAll("form[data-keep]")];
    forms.forEach(begin);
    if (forms.length) document.querySelector("main").addEventListener("click", (event) => leave(event, forms));
    if (location.hash === RETURNED) history.replaceState(null, "", location.pathname + location.search);
    if (drafts().length) document.querySelectorAll("[data-kept-here]").forEach((words) => { words.hidden = false; });
    document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", () => {
      drafts().forEach((name) => store.removeItem(name));
    }));
  }

  // -- paper shows everything --
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
})();
