// The guide's API: no credentials, no cookies, no referrer; only ever the server that the script came from.

class Refused extends Error {
  constructor(status, error, wait) {
    super(error?.message || `HTTP ${status}`);
    this.code = error?.code;
    this.wait = wait;
  }
}

const request = async (url, options = {}) => {
  const response = await fetch(url, {
    mode: "cors", credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", ...options,
  });
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Refused(response.status, body.error, Number(response.headers.get("Retry-After")) || 0);
};

const post = (url, body, headers = {}, signal = undefined) =>
  request(url, {
    method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body), signal,
  });

const parseFrame = (frame) => {
  const fields = {};
  for (const line of frame.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return fields.data ? { id: fields.id || "", name: fields.event, data: JSON.parse(fields.data) } : null;
};

async function* framesOf(response) {
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += decoder.decode(value, { stream: true });
    for (let cut = held.indexOf("\n\n"); cut >= 0; cut = held.indexOf("\n\n")) {
      const event = parseFrame(held.slice(0, cut));
      held = held.slice(cut + 2);
      if (event) yield event;
    }
  }
}

// Together they wait 25 seconds: longer than the server takes to start again.
const FAILURES_MAX = 5;

// Every event of one answer. A connection that breaks is taken up after the last event; where the server no longer
// holds the answer it begins anew, which is told by `restart`.
async function* answerEvents(server, body, signal) {
  let last = "";
  for (let failures = 0; ; ) {
    try {
      const response = await post(`${server}/api/v1/ask/stream`, body, last ? { "Last-Event-ID": last } : {}, signal);
      for await (const event of framesOf(response)) {
        const other = last && event.id.split(".")[0] !== last.split(".")[0];
        last = event.id;
        failures = 0;
        if (other) yield { name: "restart" };
        yield event;
        if (event.name === "done" || event.name === "error") return;
      }
      throw new Error("the stream broke off");
    } catch (error) {
      failures += 1;
      if (signal.aborted || error instanceof Refused || failures > FAILURES_MAX || !last) throw error;
      await sleep(400 * 2 ** failures);
    }
  }
}
