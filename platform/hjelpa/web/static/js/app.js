// Small kindnesses. Every page works without this file.
(() => {
  "use strict";
  const PREFIX = "keep:";
  const HOURS = 8;
  const person = document.body.dataset.person || "";

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

  // -- keep what is typed, in this tab only, until a page without the form shows that it was received --
  const keyOf = (form) => PREFIX + person + ":" + new URL(form.action, location.href).pathname;
  const kept = (field) => field.name && !["hidden", "password", "file", "submit", "range"].includes(field.type);
  function read(key) {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  }
  function write(form, sent) {
    const values = [...form.elements].filter(kept).map((field) =>
      [field.name, field.value, field.type === "checkbox" || field.type === "radio" ? field.checked : null]);
    try { sessionStorage.setItem(keyOf(form), JSON.stringify({ values, sent, at: Date.now() })); } catch { /* full or forbidden */ }
  }
  function restore(form) {
    const saved = read(keyOf(form));
    if (!saved || form.querySelector("[aria-invalid=true]")) return; // the server has just sent the words back
    for (const [name, value, checked] of saved.values) {
      for (const field of form.elements) {
        if (field.name !== name || !kept(field)) continue;
        if (checked === null) field.value = value;
        else if (field.value === value) field.checked = checked;
      }
    }
  }
  const forms = [...document.querySelectorAll("form[data-keep]")];
  forms.forEach((form) => {
    restore(form);
    form.addEventListener("input", () => write(form, false));
    form.addEventListener("submit", () => write(form, true));
  });
  // Sign-in and error pages are no receipt: a session that ran out keeps the words.
  const receipt = document.body.dataset.shell !== "plain";
  const here = new Set(forms.map(keyOf));
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
    const saved = read(key);
    const old = !saved || Date.now() - saved.at > HOURS * 3600000;
    if (old || (receipt && saved.sent && !here.has(key))) sessionStorage.removeItem(key);
  }
  document.querySelectorAll("form[data-forget]").forEach((form) => form.addEventListener("submit", () => {
    Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => sessionStorage.removeItem(name));
  }));

  // -- paper shows everything --
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => closed.forEach((details) => { details.open = false; }));
})();
