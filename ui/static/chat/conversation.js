// The conversation that is open: its turns on the page, in the order they were asked, and their records.

import { $, $$, bring, el, fragmentOf, post } from "./dom.js";
import * as records from "./records.js";
import { showGroup } from "./sources.js";

const OPEN = "wmai-open";
const BATCH_CHARS = 100_000; // the server takes 256 KiB at once, and a character may need three bytes

let id = records.session.getItem(OPEN) || begin();
let held = new Map(); // turn id to record, in order

function begin() {
  const fresh = records.newId();
  records.session.setItem(OPEN, fresh);
  return fresh;
}

export const openId = () => id;
export const all = () => [...held.values()];
export const record = (turnId) => held.get(turnId);
export const turnOf = (turnId) => $(`#turns .turn[data-id="${CSS.escape(turnId)}"]`);
export const recordAt = (element) => held.get(element.closest(".turn").dataset.id);
export const nextNumber = () => Math.max(0, ...all().map(({ number }) => number)) + 1;

/** Earlier questions and answers, as a question needs them to be understood; `before` leaves out a turn and later ones. */
export function history(before = null) {
  const earlier = before ? all().slice(0, all().findIndex((item) => item.id === before)) : all();
  return earlier
    .filter(({ answer, question }) => answer && question)
    .slice(-20)
    .map(({ question, answer }) => ({ question, answer: answer.text }));
}

export const isLast = (turnId) => all().at(-1)?.id === turnId;

/** Puts a turn that the server drew, and its sources, where they belong: in place of an older drawing, else at the end. */
export function place(fragment, replaces = null) {
  const turn = $(".turn", fragment);
  const group = $(".panel-group", fragment);
  const drawn = JSON.parse(turn.dataset.record);
  turn.removeAttribute("data-record");
  const old = turnOf(drawn.id) ?? (replaces && turnOf(replaces));
  if (old) {
    $(`#groups [data-turn="${old.dataset.turn}"]`)?.replaceWith(group);
    old.replaceWith(turn);
  } else {
    $("#groups").append(group);
    $("#turns").append(turn);
  }
  if (replaces && held.delete(replaces)) records.removeTurn(id, replaces);
  held.set(drawn.id, drawn);
  showGroup(drawn.number);
  return turn;
}

/** Keeps a turn in this browser. */
export function keep(turnId) {
  if (held.has(turnId) && !records.save(id, held.get(turnId))) {
    note("This browser is full: the conversation is not kept beyond this page.");
  }
}

/** Shows a passing remark below the conversation, in place of an older one; `more` may hold a button. */
export function note(message, ...more) {
  clearNote();
  const shown = el("p", { class: "problem", role: "alert" }, message, ...more);
  $("#log").append(shown);
  bring(shown, "nearest");
}

export const clearNote = () => $$("#log > .problem").forEach((item) => item.remove());

/** Opens a conversation that this browser holds: its turns are drawn by the server, from what was kept. */
export async function open(wanted) {
  id = wanted;
  records.session.setItem(OPEN, id);
  held = new Map();
  clearNote();
  $("#turns").replaceChildren();
  $("#groups").replaceChildren();
  await draw(records.turns(id));
}

export const startNew = () => open(begin());

/** Draws what is missing on the page of the open conversation, and takes away what another tab deleted. */
export async function refresh() {
  const stored = records.turns(id);
  const ids = new Set(stored.map((item) => item.id));
  for (const turn of $$("#turns .turn")) {
    if (ids.has(turn.dataset.id) || turn.dataset.state === "running") continue;
    $(`#groups [data-turn="${turn.dataset.turn}"]`)?.remove();
    turn.remove();
    held.delete(turn.dataset.id);
  }
  await draw(stored.filter((item) => changed(item)));
}

const changed = (item) =>
  turnOf(item.id)?.dataset.state !== "running" && JSON.stringify(numbered(item)) !== JSON.stringify(held.get(item.id));

// Two tabs may have given the same number: the one on this page counts.
const numbered = (item) => ({ ...item, number: held.get(item.id)?.number ?? item.number });

async function draw(stored) {
  const wanted = id;
  let number = nextNumber();
  const fresh = stored.map((item) => ({ ...item, number: held.get(item.id)?.number ?? number++ }));
  let unread = 0;
  for (const batch of batches(fresh)) {
    try {
      const drawn = await drawnBy(batch);
      if (id !== wanted) return;
      for (const html of drawn) place(fragmentOf(html));
      unread += batch.length - drawn.length;
    } catch (error) {
      if (id !== wanted) return;
      const again = el("button", { type: "button", class: "text-button", click: () => open(id) }, "Try again");
      return note(`${error.message} Your conversation is kept in this browser. `, again);
    }
  }
  if (unread) note(`${unread} of the turns kept in this browser cannot be read and are left out.`);
}

/** The server's drawings of some records; one that it cannot use is left out. */
async function drawnBy(batch) {
  try {
    return (await post("/chat/turns", { turns: batch })).turns;
  } catch (error) {
    if (error.status !== 400) throw error;
    if (batch.length === 1) return [];
    const alone = await Promise.all(batch.map((item) => drawnBy([item])));
    return alone.flat();
  }
}

function batches(list) {
  const found = [];
  let room = 0;
  for (const item of list) {
    const size = JSON.stringify(item).length;
    if (size > room) {
      found.push([]);
      room = BATCH_CHARS;
    }
    found.at(-1).push(item);
    room -= size;
  }
  return found;
}

records.onChange((changedId) => {
  if (changedId !== null && changedId !== id) return;
  clearTimeout(records.onChange.timer);
  records.onChange.timer = setTimeout(refresh, 300);
});
