// A question on its way: what Gradio sends with it, what comes back as mail, and what becomes of it where nothing comes.

import { $, bring, fragmentOf } from "./dom.js";
import * as conversation from "./conversation.js";
import * as filters from "./filters.js";
import { newId, save, session } from "./records.js";

const DRAFT = "wmai-draft";
const SILENCE_MS = 2000; // after so long without a word the server is asked whether it is still there
const FAILED = "The guide could not take the question. Please wait a moment, then ask again.";
const LOST = "The connection to the guide was lost. This page loads anew when it is back.";

let running = null; // { id, conversation, replaces, heard, missed }
let wanted = null; // what a button asks, in place of what stands in the box
let speaker = null;
let lost = false;

const busy = () => running !== null;

/** Asks a question that a button stands for; `options` may name history, selection and the turn that it replaces. */
export function request(question, options = {}) {
  if (busy()) return;
  wanted = { question, ...options };
  ($("#ask button") ?? $("#ask")).click();
}

/** Gradio calls this before it sends a question: gives what to send. */
export function ask(typed) {
  const { question = "", history, selection, replaces = null } = wanted ?? {};
  wanted = null;
  conversation.clearNote();
  running = { id: newId(), conversation: conversation.openId(), replaces, heard: Date.now(), missed: 0 };
  const number = replaces ? conversation.record(replaces).number : conversation.nextNumber();
  document.body.dataset.busy = "";
  const ticket = {
    id: running.id,
    number,
    question,
    asked: new Date().toISOString(),
    history: history ?? conversation.history(),
    ...(selection ?? filters.selection()),
  };
  return [typed, JSON.stringify(ticket)];
}

function ended() {
  running = null;
  delete document.body.dataset.busy;
}

/** Gradio calls this when the reader presses Stop; also where the connection is lost. */
export function stop(message = "") {
  if (!busy()) return [];
  const turn = conversation.turnOf(running.id);
  ended();
  if (turn) {
    turn.dataset.state = "stopped";
    announce(turn);
  }
  if (message) conversation.note(message);
  return [];
}

/** Takes in what the server sent. */
export function read(html) {
  const fragment = document.importNode(fragmentOf(html), true);
  const drawn = $(".turn", fragment);
  if (!busy()) return; // a late word of an answer that was stopped
  if (!drawn) {
    ended();
    return conversation.note($(".problem", fragment)?.textContent ?? "");
  }
  if (drawn.dataset.id !== running.id) return;
  running.heard = Date.now();
  if (conversation.openId() !== running.conversation) {
    // The reader has gone on to another conversation; this one gets its answer all the same.
    save(running.conversation, JSON.parse(drawn.dataset.record));
    if (drawn.dataset.state !== "running") ended();
    return;
  }
  const fresh = conversation.turnOf(running.id) === null;
  const turn = conversation.place(fragment, running.replaces);
  running.replaces = null;
  conversation.keep(running.id);
  const finished = turn.dataset.state !== "running";
  // Once when the question appears, once when its answer has taken its place.
  if (fresh || finished) bring(turn, "start");
  if (finished) {
    ended();
    announce(turn);
  }
}

// A finished answer is read out once, whole; the log itself stays silent, because it is redrawn as it streams.
function announce(turn) {
  if (!speaker) {
    speaker = document.createElement("div");
    speaker.className = "visually-hidden";
    speaker.setAttribute("role", "status");
    document.body.append(speaker);
  }
  const said = turn.dataset.state === "stopped" ? $(".ended .aside", turn) : $(".answer", turn) ?? $(".problem", turn);
  speaker.textContent = said.textContent;
}

const isAlive = () =>
  fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) }).then((reply) => reply.ok, () => false);

async function listen() {
  // What Gradio had begun with the server that went away it would wait for until the page is loaded anew.
  if (lost) return (await isAlive()) && location.reload();
  if (!busy() || Date.now() - running.heard < SILENCE_MS) return;
  const { id } = running;
  const alive = await isAlive();
  if (running?.id !== id) return;
  running.missed = alive ? 0 : running.missed + 1;
  if (running.missed > 1) lose();
}

function lose() {
  lost = true;
  return stop(LOST);
}

/** Gradio calls this where a question failed on its way. */
export const fail = async () => ((await isAlive()) ? stop(FAILED) : lose());

/** Gives the box back what stood in it when the page was left. */
export function restoreDraft() {
  const draft = session.getItem(DRAFT);
  session.removeItem(DRAFT);
  const box = $("#question textarea");
  if (!draft || box.value) return;
  box.value = draft;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

window.addEventListener("pagehide", () => session.setItem(DRAFT, $("#question textarea")?.value ?? ""));

setInterval(listen, SILENCE_MS / 2);
