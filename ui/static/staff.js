// Follows a job while it runs. Everything on the staff page works without this; a page then reloads itself.
"use strict";

const job = document.querySelector("[data-job]");

function show(state) {
  job.dataset.state = state.state;
  job.querySelector(".state-text").textContent = state.state[0].toUpperCase() + state.state.slice(1);
  job.querySelector(".stage").textContent = state.stage;
  job.querySelector(".steps").textContent = state.total ? `${state.done} of ${state.total}` : "";
  const bar = job.querySelector("progress");
  bar.max = Math.max(state.total, 1);
  bar.value = state.done;
  bar.hidden = state.state === "done" || state.state === "failed";
  job.querySelector(".lines").replaceChildren(
    ...state.lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }),
  );
  return bar.hidden;
}

async function follow() {
  try {
    const reply = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (reply.redirected || !reply.ok) {
      location.reload();
      return;
    }
    if (show(await reply.json())) return;
  } catch {
    // The server is away for a moment: ask again.
  }
  setTimeout(follow, 700);
}

if (job) follow();
