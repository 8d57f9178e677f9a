// What the reader thinks of an answer: thumbs up, thumbs down with a reason and words.

import { $, bring, post, say, set } from "./dom.js";
import { recordAt } from "./conversation.js";

const URL = "/api/feedback";
// Thumbs down whose form is open, by turn element; sent without words when the reader leaves the page.
const pending = new Map();

function body(answer, rating, form = null) {
  const reason = form && $("input[type=radio]:checked", form);
  return {
    question: answer.question,
    answer: answer.text,
    index_build: answer.index_build,
    rating,
    ...(reason && { reason: reason.value }),
    ...(form && { comment: $("textarea", form).value }),
  };
}

function press(turn, rating) {
  for (const name of ["up", "down"]) set($(`[data-tool="${name}"]`, turn), "aria-pressed", String(name === rating));
  const open = pending.has(turn);
  $("form.feedback", turn).hidden = !open;
  set($('[data-tool="down"]', turn), "aria-expanded", String(open));
}

async function send(turn, verdict) {
  const status = $(".tool-status", turn);
  try {
    await post(URL, verdict);
    say(status, "Thank you, noted");
    return true;
  } catch (error) {
    say(status, error.message, true);
    return false;
  }
}

export async function up(turn) {
  pending.delete(turn);
  if ($('[data-tool="up"]', turn).getAttribute("aria-pressed") === "true") return;
  press(turn, "up");
  if (!(await send(turn, body(recordAt(turn).answer, "up")))) press(turn, "");
}

export function down(turn) {
  if (pending.has(turn)) return cancel(turn);
  // The reader may have gone on to another conversation by the time it is sent.
  const { answer } = recordAt(turn);
  const form = $("form.feedback", turn);
  pending.set(turn, () => body(answer, "down", form));
  press(turn, "down");
  $("form.feedback input", turn).focus({ preventScroll: true });
  bring($("form.feedback", turn), "nearest");
}

export async function submit(turn) {
  if (!(await send(turn, pending.get(turn)()))) return;
  pending.delete(turn);
  press(turn, "down");
  $('[data-tool="down"]', turn).focus();
}

export function cancel(turn) {
  pending.delete(turn);
  press(turn, "");
  $('[data-tool="down"]', turn).focus();
}

window.addEventListener("pagehide", () => {
  for (const verdict of pending.values()) {
    navigator.sendBeacon(URL, new Blob([JSON.stringify(verdict())], { type: "application/json" }));
  }
  pending.clear();
});
