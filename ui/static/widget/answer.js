// From an answer to elements: text with markers, citations with quote and links, the closest passages of a refusal.

const BULLET = /^\s*(?:[-•*–]|\d+[.)])\s+/;

// Paragraphs and lists; `marker` makes the element for a marker's number, or null where the brackets are plain words.
const answerBlocks = (text, marker) => {
  const blocks = [];
  let list = null;
  for (const line of plain(text).split("\n")) {
    if (!line.trim()) continue;
    if (BULLET.test(line)) {
      if (!list) blocks.push((list = el("ul")));
      list.append(el("li", {}, ...withMarkers(line.replace(BULLET, ""), marker)));
    } else {
      list = null;
      blocks.push(el("p", {}, ...withMarkers(line, marker)));
    }
  }
  return blocks;
};

const withMarkers = (line, marker) => {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(/\s?\[(\d{1,4})\]/g)) {
    const element = marker(Number(match[1]));
    if (!element) continue;
    // With the end of its word, so that no marker begins a line.
    const [words, last] = line.slice(end, match.index).match(/^(.*?)(\S{0,24})$/s).slice(1);
    parts.push(words, el("span", { class: "kept" }, last, element));
    end = match.index + match[0].length;
  }
  return [...parts, line.slice(end)];
};

const outLink = (href, text, label, newTab) =>
  el("a", { href, target: "_blank", rel: "noopener noreferrer", part: "link", "aria-label": `${text}: ${label} (${newTab})` }, text);

const passageUrl = (server, id, quote) =>
  `${server}/passages/${encodeURIComponent(id)}${quote ? `?quote=${encodeURIComponent(quote.toWellFormed?.() ?? quote)}` : ""}`;

const citationCard = (citation, say, server, language) => {
  const { source } = citation;
  const title = plain(source.title);
  const original = safeUrl(source.url);
  return el(
    "li", { class: "citation", part: "citation", tabindex: "-1", "data-marker": citation.marker },
    el("p", { class: "source", lang: "en", dir: "auto" }, `${citation.marker}. ${title}`),
    el(
      "p", { class: "soft" },
      el("bdi", { lang: "en" }, plain(source.publisher)), ", ",
      source.published ? dateText(source.published, language) : say("undated"),
      isOld(source.published) ? el("span", { class: "old" }, ` · ${say("old")}`) : null,
    ),
    el("blockquote", { class: "quote", part: "quote", lang: "en", dir: "auto" }, el("mark", {}, plain(citation.quote))),
    el(
      "p", { class: "links" },
      outLink(passageUrl(server, citation.passage_id, citation.quote), say("passage"), title, say("newTab")),
      original ? outLink(original, say("original"), title, say("newTab")) : null,
    ),
  );
};

const closestCard = (hit, say, server) => {
  const text = plain(hit.text);
  return el(
    "li", { class: "citation", part: "citation" },
    el("blockquote", { class: "quote", part: "quote", lang: "en", dir: "auto" }, text),
    el("p", { class: "links" }, outLink(passageUrl(server, hit.passage_id, ""), say("passage"), text.slice(0, 60), say("newTab"))),
  );
};

const titledList = (tag, title, items, attributes = {}) =>
  items.length ? el("div", attributes, el("h3", {}, title), el(tag, {}, ...items)) : null;
