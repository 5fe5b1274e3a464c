// The citizen's scale: an untouched line is a state of its own, and no number is ever shown.
(() => {
  "use strict";
  const THUMB = 48;

  function spoken(box, line) {
    const place = Math.round((line.value - line.min) / (line.max - line.min) * 100);
    return box.dataset.spoken.replace("{value}", place).replace("{left}", box.dataset.left).replace("{right}", box.dataset.right);
  }

  function show(box, line, state) {
    const answered = box.dataset.state === "answered";
    line.setAttribute("aria-valuetext", answered ? spoken(box, line) : box.dataset.unanswered);
    const words = answered ? box.dataset.answered : box.dataset.unanswered;
    if (state.textContent !== words) state.textContent = words; // a live region: say it once
  }

  // The middle of the thumb travels from half a thumb inside one end to half a thumb inside the other.
  function valueAt(line, clientX) {
    const box = line.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - box.left - THUMB / 2) / (box.width - THUMB)));
    const min = Number(line.min), max = Number(line.max);
    return (min + share * (max - min)).toFixed(1);
  }

  function start(box) {
    const line = box.querySelector(".scale-line");
    const answered = box.querySelector("input[type=hidden]");
    const state = box.querySelector(".scale-state");
    const settle = () => {
      box.dataset.state = answered.value === "1" ? "answered" : "unanswered";
      show(box, line, state);
    };
    const answer = () => {
      answered.value = "1";
      settle();
    };
    line.addEventListener("input", answer);
    // Not on pointerdown: a scroll that begins on the line is no answer.
    line.addEventListener("click", (event) => {
      if (event.detail > 0 && box.dataset.state !== "answered") line.value = valueAt(line, event.clientX);
      answer();
    });
    // A finger on the thumb where it stands moves nothing, and some browsers then send no click.
    line.addEventListener("pointerup", (event) => {
      if (event.pointerType === "mouse" || box.dataset.state === "answered") return;
      line.value = valueAt(line, event.clientX);
      answer();
    });
    // A scroll that begins on the line has moved the thumb by the time the browser knows that it is a scroll.
    let before = { value: line.value, answered: answered.value };
    line.addEventListener("pointerdown", () => { before = { value: line.value, answered: answered.value }; });
    line.addEventListener("pointercancel", () => {
      line.value = before.value;
      answered.value = before.answered;
      settle();
    });
    line.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // Enter accepts the line as it stands; it does not send the whole form
      answer();
    });
    settle();
  }

  const begin = () => document.querySelectorAll("[data-scale]").forEach(start);
  document.addEventListener("scale:drawn", begin); // sheet.js has put another page's lines here
  begin();
})();
