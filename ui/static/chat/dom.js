// Small helpers for the page's elements.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
/** Where the sources stand in a sheet over the conversation and not beside it; the style sheet says the same. */
export const narrow = window.matchMedia("(max-width: 60rem)");

export function bring(element, block) {
  element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
}

/** An element; text children become text nodes, so that nothing in them is ever markup. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Sets an attribute only where that changes something: observers of the page would else be called for nothing. */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Says a passing message in an element with role status; `content` is text or an element. */
export function say(status, content, forever = false) {
  status.replaceChildren(content);
  clearTimeout(status.timer);
  if (!forever) status.timer = setTimeout(() => status.replaceChildren(), 6000);
}

/** Sends JSON to the guide; gives what it answers or throws an Error in words for the reader. */
export async function post(path, body) {
  let reply;
  try {
    reply = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The guide cannot be reached.");
  }
  const answer = await reply.json();
  if (reply.ok) return answer;
  const { message, remedy } = answer.error;
  throw Object.assign(new Error([message, remedy].filter(Boolean).join(" ")), { status: reply.status });
}

/** What the server drew; every stored text in it is escaped, and a template runs nothing. */
export function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}
