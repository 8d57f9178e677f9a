// The chat page's own script: markers, panel, copy, feedback, example questions.
// Every listener sits on the document, because Gradio replaces the elements of the conversation as it goes on.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const scrollTo = (element, block) =>
    element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });

  // --- sources ---------------------------------------------------------------------------------------------------

  function showGroup(turn) {
    for (const group of $$("#panel .panel-group")) {
      group.hidden = group.dataset.turn !== String(turn);
    }
  }

  function openCard(marker) {
    showGroup(marker.dataset.turn);
    const card = document.getElementById(`card-${marker.dataset.turn}-${marker.dataset.marker}`);
    if (!card) return;
    for (const other of $$(".card.current")) other.classList.remove("current");
    for (const other of $$(".cite.current")) other.classList.remove("current");
    card.classList.add("current");
    marker.classList.add("current");
    card.focus({ preventScroll: true });
    scrollTo(card, "nearest");
  }

  function backToMarker(card) {
    const [, turn, marker] = card.id.split("-");
    const link = $(`.cite[data-turn="${turn}"][data-marker="${marker}"]`);
    if (!link) return;
    link.focus({ preventScroll: true });
    scrollTo(link, "center");
  }

  // --- asking ----------------------------------------------------------------------------------------------------

  function askAbout(question) {
    const box = $("#question textarea");
    if (!box) return;
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    // Gradio takes the new value over in its next update; asking at once would send the old one.
    requestAnimationFrame(() => setTimeout(() => ($("#ask button") || $("#ask")).click(), 0));
    box.focus({ preventScroll: true });
  }

  // --- copy ------------------------------------------------------------------------------------------------------

  async function copy(tools) {
    const text = tools.dataset.copy;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "visually-hidden";
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    say(tools, done ? "Copied with its references" : "Copying is not allowed here");
  }

  function say(tools, message) {
    const status = $(".tool-status", tools);
    status.textContent = message;
    clearTimeout(status.timer);
    status.timer = setTimeout(() => { status.textContent = ""; }, 6000);
  }

  // --- feedback --------------------------------------------------------------------------------------------------

  // What the reader has said of each answer of this page, by turn: the conversation may be drawn anew at any time.
  const verdicts = new Map();
  // Thumbs down whose reason form is still open, by turn; sent as they are when the reader goes elsewhere.
  const pending = new Map();

  function verdictBody(tools, rating, form) {
    const body = {
      question: tools.dataset.question,
      answer: tools.dataset.answer,
      index_build: tools.dataset.build,
      rating,
    };
    const reason = form && $("input[type=radio]:checked", form);
    if (reason) body.reason = reason.value;
    if (form) body.comment = $("textarea", form).value;
    return body;
  }

  async function send(tools, body) {
    try {
      const answer = await fetch("/api/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error((await answer.json()).error.message);
      say(tools, "Thank you, noted");
      return true;
    } catch (error) {
      say(tools, `Not stored: ${error.message}`);
      return false;
    }
  }

  function settle(turn) {
    const tools = $(`#turn-${turn} .tools`);
    if (!tools) return;
    const verdict = verdicts.get(turn);
    for (const rating of ["up", "down"]) {
      const button = $(`[data-tool="${rating}"]`, tools);
      const pressed = String(verdict === rating);
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
    const open = pending.has(turn);
    const form = $("form.feedback", tools);
    if (form.hidden === open) form.hidden = !open;
    $('[data-tool="down"]', tools).setAttribute("aria-expanded", String(open));
  }

  async function rateUp(tools, turn) {
    pending.delete(turn);
    if (verdicts.get(turn) === "up") return;
    verdicts.set(turn, "up");
    settle(turn);
    if (!(await send(tools, verdictBody(tools, "up")))) {
      verdicts.delete(turn);
      settle(turn);
    }
  }

  function rateDown(tools, turn) {
    if (pending.has(turn)) return;
    pending.set(turn, () => verdictBody(tools, "down", $("form.feedback", tools)));
    verdicts.set(turn, "down");
    settle(turn);
    $("form.feedback input", tools).focus({ preventScroll: true });
    scrollTo($("form.feedback", tools), "nearest");
  }

  async function sendDown(tools, turn) {
    const body = pending.get(turn)();
    if (!(await send(tools, body))) return;
    pending.delete(turn);
    settle(turn);
    $('[data-tool="down"]', tools).focus();
  }

  function cancelDown(tools, turn) {
    pending.delete(turn);
    verdicts.delete(turn);
    settle(turn);
    $('[data-tool="down"]', tools).focus();
  }

  window.addEventListener("pagehide", () => {
    for (const body of pending.values()) {
      navigator.sendBeacon("/api/feedback", new Blob([JSON.stringify(body())], { type: "application/json" }));
    }
    pending.clear();
  });

  // --- wiring ----------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a.cite, [data-ask], [data-tool], [data-back]");
    if (!target) return;
    if (target.matches("a.cite")) {
      event.preventDefault();
      openCard(target);
    } else if (target.dataset.ask) {
      askAbout(target.dataset.ask);
    } else if (target.dataset.back) {
      backToMarker(target.closest(".card"));
    } else {
      useTool(target);
    }
  });

  function useTool(button) {
    const tools = button.closest(".tools");
    const turn = Number(button.closest(".turn").dataset.turn);
    const actions = { copy: () => copy(tools), up: rateUp, down: rateDown, close: cancelDown };
    return actions[button.dataset.tool](tools, turn);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.feedback");
    if (!form) return;
    event.preventDefault();
    sendDown(form.closest(".tools"), Number(form.closest(".turn").dataset.turn));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const card = event.target.closest?.(".card.cited");
    const form = event.target.closest?.("form.feedback");
    if (card) backToMarker(card);
    if (form) cancelDown(form.closest(".tools"), Number(form.closest(".turn").dataset.turn));
  });

  // A finished answer is read out once, whole; the log itself stays silent, because it is redrawn as it streams.
  const announced = new Set();
  let speaker;

  function announce(turn) {
    const key = `${turn.id}:${$(".question", turn).textContent}`;
    if (turn.dataset.state === "running" || announced.has(key)) return;
    announced.add(key);
    speaker.textContent = ($(".answer", turn) || $(".problem", turn) || turn).textContent;
  }

  let focused = false;

  function focusBox() {
    const box = $("#question textarea");
    if (focused || !box) return;
    focused = true;
    // A keyboard is at hand where the pointer is fine; on a phone the box would only raise one over the page.
    if (window.matchMedia("(pointer: fine) and (min-width: 60rem)").matches) box.focus({ preventScroll: true });
  }

  let shown = null;

  function follow() {
    const log = $("#log");
    if (!log) return;
    if (log.getAttribute("role") !== "log") {
      log.setAttribute("role", "log");
      log.setAttribute("aria-live", "off");
      log.setAttribute("aria-label", "Conversation");
      speaker = document.createElement("div");
      speaker.className = "visually-hidden";
      speaker.setAttribute("role", "status");
      document.body.append(speaker);
    }
    focusBox();
    const turns = $$(".turn", log);
    if (turns.length === 0) {
      announced.clear();
      verdicts.clear();
      pending.clear();
      shown = null;
      return;
    }
    const last = turns[turns.length - 1];
    const key = `${last.id}:${last.dataset.state === "running"}`;
    if (key !== shown) {
      // Once when the question appears, once when its answer has taken its place.
      shown = key;
      scrollTo(last, "start");
    }
    announce(last);
    for (const turn of verdicts.keys()) settle(turn);
  }

  function start() {
    new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
    follow();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
