// The conversations of before, in a dialog: open one, delete one, clear all.

import { $, el } from "./dom.js";
import * as conversation from "./conversation.js";
import * as records from "./records.js";
import { date } from "./words.js";

export function show() {
  draw();
  $("#history").showModal();
  $("#history-title").focus();
}

function draw() {
  const found = records.conversations();
  $("#conversations").replaceChildren(...found.map(row));
  $(".history-empty").hidden = found.length > 0;
  const button = $('[data-do="clear"]');
  button.hidden = found.length === 0;
  button.textContent = "Clear all";
  button.removeAttribute("data-sure");
}

function row({ id, title, last, questions }) {
  const current = id === conversation.openId();
  const when = `${date(last.slice(0, 10))}, ${questions === 1 ? "1 question" : `${questions} questions`}`;
  const open = el("button", { type: "button", class: "open", "aria-current": current && "true", click: () => reopen(id) },
    el("span", {}, title), el("small", {}, current ? `${when}, open now` : when));
  const away = el("button", { type: "button", class: "quiet", "aria-label": `Delete: ${title}`, click: () => remove(id) }, "Delete");
  return el("li", {}, open, away);
}

function reopen(id) {
  $("#history").close();
  if (id !== conversation.openId()) conversation.open(id);
}

function remove(id) {
  records.remove(id);
  if (id === conversation.openId()) conversation.startNew();
  draw();
  $("#history-title").focus();
}

/** Deletes everything, at the second press. */
export function clear(button) {
  if (!button.hasAttribute("data-sure")) {
    button.setAttribute("data-sure", "");
    button.textContent = `Delete all ${records.conversations().length} for good`;
    return;
  }
  records.clear();
  conversation.startNew();
  draw();
  $("#history-title").focus();
}
