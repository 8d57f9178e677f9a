// The conversations in this browser. Each turn lies under a key of its own, so that two tabs cannot overwrite each other.

const PREFIX = "wmai-turn:";
const key = (conversation, turn) => `${PREFIX}${conversation}:${turn}`;

// What is used where the browser keeps nothing (storage switched off): the conversation then lasts as long as the page.
const inMemory = new Map();
const memory = {
  getItem: (name) => inMemory.get(name) ?? null,
  setItem: (name, value) => inMemory.set(name, value),
  removeItem: (name) => inMemory.delete(name),
  keys: () => [...inMemory.keys()],
};

function usable(name) {
  try {
    const storage = window[name];
    storage.setItem("wmai-probe", "");
    storage.removeItem("wmai-probe");
    return { getItem: (k) => storage.getItem(k), setItem: (k, v) => storage.setItem(k, v),
      removeItem: (k) => storage.removeItem(k), keys: () => Object.keys(storage) };
  } catch {
    return memory;
  }
}

const kept = usable("localStorage");
/** What belongs to this tab alone, such as which conversation is open. */
export const session = usable("sessionStorage");

export const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Keeps a turn; where the browser is full, the oldest other conversations make room. False where it is not kept. */
export function save(conversation, record) {
  const text = JSON.stringify(record);
  for (;;) {
    try {
      kept.setItem(key(conversation, record.id), text);
      return true;
    } catch {
      const oldest = conversations().reverse().find(({ id }) => id !== conversation);
      if (!oldest) return false;
      remove(oldest.id);
    }
  }
}

function names(conversation = "") {
  const start = conversation ? key(conversation, "") : PREFIX;
  return kept.keys().filter((name) => name.startsWith(start));
}

function read(name) {
  try {
    const record = JSON.parse(kept.getItem(name));
    if (record && typeof record.id === "string" && typeof record.question === "string") return record;
  } catch {
    // not ours, or torn: it is as if it were not there
  }
  return null;
}

const byTime = (one, other) => String(one.asked ?? "").localeCompare(String(other.asked ?? ""));

/** The turns of a conversation, oldest first. */
export const turns = (conversation) => names(conversation).map(read).filter(Boolean).sort(byTime);

/** Every conversation, the latest first: id, title, when it was last used, how many questions. */
export function conversations() {
  const ids = new Set(names().map((name) => name.slice(PREFIX.length).split(":")[0]));
  return [...ids]
    .map((id) => ({ id, all: turns(id) }))
    .filter(({ all }) => all.length > 0)
    .map(({ id, all }) => ({
      id,
      title: all[0].question || "A question that was not kept",
      last: String(all[all.length - 1].asked ?? ""),
      questions: all.length,
    }))
    .sort((one, other) => other.last.localeCompare(one.last));
}

export const removeTurn = (conversation, turn) => kept.removeItem(key(conversation, turn));
export const remove = (conversation) => names(conversation).forEach(kept.removeItem);
export const clear = () => names().forEach(kept.removeItem);

/** Calls back when another tab changed something of a conversation; with its id, or null when all was cleared. */
export function onChange(callback) {
  window.addEventListener("storage", ({ key: name }) => {
    if (name === null) callback(null);
    else if (name.startsWith(PREFIX)) callback(name.slice(PREFIX.length).split(":")[0]);
  });
}
