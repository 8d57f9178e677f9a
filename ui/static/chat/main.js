// The chat page's own behaviour. Listeners sit on the document, because turns come and go.

import { $, $$, narrow } from "./dom.js";
import * as asking from "./asking.js";
import * as conversation from "./conversation.js";
import * as exports from "./exports.js";
import * as feedback from "./feedback.js";
import * as filters from "./filters.js";
import * as past from "./past.js";
import { backToMarker, openCard, openSources } from "./sources.js";

// What Gradio calls (hooks/): it may come to ask before this page's scripts are here, and waits for them by importing.
export { ask, fail, stop } from "./asking.js";

const focusBox = () => $("#question textarea").focus({ preventScroll: true });

/** Asks the question of a turn again: in its place where it is the last, else below. */
function again(turn, changes = {}) {
  const record = conversation.recordAt(turn);
  const { id } = record;
  const { question = record.question, ...rest } = changes;
  asking.request(question, {
    history: conversation.history(id),
    selection: { themes: [], places: [], published_from: null, ...record.selection },
    replaces: conversation.isLast(id) ? id : null,
    ...rest,
  });
}

function toggleCorrection(turn, open) {
  const form = $(".correction", turn);
  const button = $('[data-tool="correct"]', turn);
  form.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  (open ? $("textarea", form) : button).focus();
}

const TOOLS = {
  sources: (turn, button) => openSources(button, turn.dataset.turn),
  copy: (turn) => exports.copy(conversation.recordAt(turn), $(".tool-status", turn)),
  link: (turn) => exports.link(conversation.recordAt(turn), $(".tool-status", turn)),
  retry: (turn) => (conversation.recordAt(turn).question ? again(turn) : focusBox()),
  widen: (turn) => again(turn, { selection: { themes: [], places: [], published_from: null } }),
  up: feedback.up,
  down: feedback.down,
  correct: (turn) => toggleCorrection(turn, $(".correction", turn).hidden),
  close: (turn, button) => (button.closest(".correction") ? toggleCorrection(turn, false) : feedback.cancel(turn)),
};

const ACTIONS = {
  filter: filters.toggle,
  new: () => {
    conversation.startNew();
    focusBox();
  },
  history: past.show,
  clear: past.clear,
  markdown: () => exports.save("markdown"),
  json: () => exports.save("json"),
};

document.addEventListener("click", (event) => {
  const target = event.target.closest("a.cite, [data-ask], [data-tool], [data-do], [data-back], [data-unfilter]");
  if (event.target.matches("dialog")) event.target.close(); // a press beside the sheet
  if (!target) return;
  const { ask, tool, do: action, unfilter } = target.dataset;
  if (target.matches("a.cite")) {
    event.preventDefault();
    openCard(target);
  } else if (ask) asking.request(ask);
  else if (tool) TOOLS[tool](target.closest(".turn"), target);
  else if (action) ACTIONS[action](target);
  else if (unfilter) filters.remove(target);
  else backToMarker(target.closest(".card"));
});

document.addEventListener("change", (event) => event.target.matches("[data-filter]") && filters.add(event.target));

document.addEventListener("submit", (event) => {
  const turn = event.target.closest(".turn");
  if (event.target.id === "filters") event.preventDefault();
  if (!turn) return;
  event.preventDefault();
  if (event.target.matches(".feedback")) return feedback.submit(turn);
  const question = $("textarea", event.target).value.trim();
  // What was meant stands by itself: no earlier turn is to change it.
  if (question) again(turn, { question, history: [] });
});

document.addEventListener("keydown", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (event.key === "Enter" && !event.shiftKey && at(".correction textarea")) {
    event.preventDefault();
    at(".correction").requestSubmit();
  }
  if (event.key !== "Escape") return;
  const card = at(".card.cited");
  if (at(".export")) {
    at(".export").open = false;
    $(".export summary").focus();
  } else if (at("#filters")) {
    filters.toggle($("#filter"));
    $("#filter").focus();
  } else if (at(".correction")) toggleCorrection(at(".turn"), false);
  else if (at(".feedback")) feedback.cancel(at(".turn"));
  else if (card && !$("#sheet").open) backToMarker(card);
});

// Gradio draws the page some time after this script runs, and again where it lost the server.
let mail = null;

function look() {
  const log = $("#log");
  if (log && !("live" in log.dataset) && $("#sheet") && $("#question textarea") && $("#chips")) {
    log.dataset.live = "";
    filters.show();
    conversation.open(conversation.openId());
    asking.restoreDraft();
    // A keyboard is at hand where the pointer is fine; on a phone the box would only raise one over the page.
    if (window.matchMedia("(pointer: fine)").matches && !narrow.matches) focusBox();
  }
  const arrived = $("#mail [data-mail]")?.dataset.mail;
  if (arrived && arrived !== mail) {
    mail = arrived;
    asking.read(arrived);
  }
  const empty = $$("#turns .turn").length === 0;
  if (document.body.classList.contains("empty") !== empty) document.body.classList.toggle("empty", empty);
}

new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-mail"] });
look();
