// A turn as text, the conversation as a file, and an answer's own address. Nothing but the last needs the server.

import { $, el, post, say } from "./dom.js";
import { all } from "./conversation.js";
import { date } from "./words.js";

const reference = ({ marker, source }) =>
  `[${marker}] ${source.title}. ${source.publisher}, ${date(source.published)}. ${source.url}`;

/** The answer with its markers and, below it, numbered references. */
export function text({ answer, within }) {
  const parts = [answer.text, within && `(Within ${within})`, (answer.citations ?? []).map(reference).join("\n")];
  return parts.filter(Boolean).join("\n\n");
}

async function toClipboard(content) {
  try {
    await navigator.clipboard.writeText(content);
    return true;
  } catch {
    const area = el("textarea", { class: "visually-hidden" });
    area.value = content;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export async function copy(record, status) {
  const done = await toClipboard(text(record));
  say(status, done ? "Copied with its references" : "Copying is not allowed here");
}

/** Gives an answer an address; only now does the server keep anything of it. */
export async function link(record, status) {
  try {
    const { address } = await post("/chat/links", { turn: record });
    const url = new URL(address, location.href).href;
    const copied = await toClipboard(url);
    const shown = el("a", { href: url, target: "_blank", rel: "noopener" }, url);
    say(status, el("span", {}, copied ? "Link copied: " : "The answer stays at: ", shown), true);
  } catch (error) {
    say(status, error.message, true);
  }
}

// Characters that would mean something in Markdown; those of a marker such as [1] stay.
const escaped = (words) =>
  String(words).replace(/[\\`*_{}<>#|~]/g, "\\$&").replace(/\[(?!\d{1,4}\])/g, "\\[").replace(/^(\s*)([-+]|\d+[.)])(?=\s)/gm, "$1\\$2");
const line = (words) => escaped(words).replace(/\s+/g, " ");
// An absolute address of the web with a host and without a name to sign in by, as the server wants it of a link.
const linked = ({ url }) => (/^https?:\/\/[^\s<>@\\/?#[\]]+([/?#][^\s<>\\]*)?$/i.test(url) && URL.canParse(url) ? ` <${url}>` : "");

function turnMarkdown({ question, answer, text: partial, error, within }) {
  const heading = `## ${line(question || "A question that was not kept")}`;
  if (!answer) return [heading, escaped(partial || ""), `*${escaped(error || "Stopped before the answer was finished.")}*`];
  const references = (answer.citations ?? []).map(({ marker, source, quote }) =>
    `- [${marker}] ${line(source.title)}. ${line(source.publisher)}, ${line(date(source.published))}.${linked(source)}\n` +
    `  > ${escaped(quote).replace(/\n/g, "\n  > ")}`);
  return [heading, within && `*Within ${escaped(within)}*`, escaped(answer.text), references.join("\n")];
}

export function markdown(records) {
  const head = ["# West Midlands AI guide", `Saved on ${date(new Date().toISOString().slice(0, 10))} from ${location.origin}`];
  return `${[...head, ...records.flatMap(turnMarkdown)].filter(Boolean).join("\n\n")}\n`;
}

export function json(records) {
  const turns = records.map(({ question, asked, selection, answer, text: partial, error }) => ({
    question, asked, selection: selection ?? {}, answer: answer ?? null, partial_text: partial ?? "", error: error ?? "",
  }));
  return `${JSON.stringify({ guide: location.origin, saved: new Date().toISOString(), turns }, null, 2)}\n`;
}

const KINDS = { markdown: [markdown, "md", "text/markdown"], json: [json, "json", "application/json"] };

/** Saves the open conversation as a file. */
export function save(kind) {
  const [write, suffix, type] = KINDS[kind];
  const address = URL.createObjectURL(new Blob([write(all())], { type: `${type};charset=utf-8` }));
  const day = new Date().toISOString().slice(0, 10);
  el("a", { href: address, download: `west-midlands-ai-guide-${day}.${suffix}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  $(".export").open = false;
}
