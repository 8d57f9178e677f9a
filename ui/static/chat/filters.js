// To what the next question is narrowed: themes, places, a year. They last as long as the tab.

import { $, el, fragmentOf, post } from "./dom.js";
import { session } from "./records.js";

const KEY = "wmai-filters";
const LIST_MAX = 20; // as many as the server takes of one kind
const NAMES = ["themes", "places", "published_from"];

let chosen = read(); // [{ name, value, label }]

function read() {
  try {
    const found = JSON.parse(session.getItem(KEY) ?? "[]");
    return found.filter(({ name, value, label }) => NAMES.includes(name) && typeof value === "string" && label);
  } catch {
    return [];
  }
}

/** As the API takes it. */
export function selection() {
  const values = (name) => chosen.filter((item) => item.name === name).map(({ value }) => value);
  const [year] = values("published_from");
  return { themes: values("themes"), places: values("places"), published_from: year ? Number(year) : null };
}

export function clear() {
  chosen = [];
  show();
}

/** Draws the chips. */
export function show() {
  session.setItem(KEY, JSON.stringify(chosen));
  const chips = chosen.map(({ name, value, label }) =>
    el("li", {},
      el("button", { type: "button", class: "chip", "data-unfilter": `${name}:${value}`, "aria-label": `Remove filter ${label}` },
        label, el("span", { "aria-hidden": "true" }, "×"))));
  $("#chips").replaceChildren(...chips);
  $("#filter span").textContent = chosen.length ? `Filters (${chosen.length})` : "Filters";
  showExamples();
}

/** Above an empty conversation stand examples that the sources within the filters answer. */
async function showExamples() {
  const wanted = selection();
  const place = $("#examples");
  let html;
  try {
    ({ html } = await post("/chat/examples", wanted));
  } catch {
    return; // those that stand there can be asked all the same
  }
  const fresh = fragmentOf(html);
  const late = JSON.stringify(wanted) !== JSON.stringify(selection());
  if (!late && fresh.textContent !== place.textContent) place.replaceChildren(fresh);
}

/** Shows or hides the form; what can be chosen is asked of the server when it is first shown. */
export async function toggle(button) {
  const form = $("#filters");
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (form.hidden) return;
  const select = $("select", form);
  select.focus();
  if (select.options.length > 1) return;
  const note = $(".filters-note", form);
  try {
    fill(form, await (await fetch("/chat/filters")).json());
  } catch {
    note.textContent = "The filters cannot be had just now. Close them and try again.";
  }
}

function fill(form, facets) {
  for (const name of NAMES) {
    const options = facets[name].map(({ value, label, sources }) => {
      const option = new Option(`${label} (${sources})`, value);
      option.dataset.label = label;
      return option;
    });
    $(`[data-filter="${name}"]`, form).append(...options);
  }
}

/** Takes over what was chosen in one of the lists. */
export function add(select) {
  const { filter: name } = select.dataset;
  const option = select.selectedOptions[0];
  const many = name !== "published_from";
  chosen = chosen.filter((item) => item.name !== name || (many && item.value !== option.value));
  if (option.value && chosen.filter((item) => item.name === name).length < LIST_MAX) {
    chosen.push({ name, value: option.value, label: option.dataset.label });
  }
  if (many) select.value = "";
  show();
}

/** Takes a filter away; the focus goes to the next one, or to the button. */
export function remove(button) {
  const [name, ...rest] = button.dataset.unfilter.split(":");
  const place = [...$("#chips").children].indexOf(button.closest("li"));
  chosen = chosen.filter((item) => item.name !== name || item.value !== rest.join(":"));
  if (name === "published_from") $('[data-filter="published_from"]').value = "";
  show();
  ($(`#chips li:nth-child(${Math.min(place + 1, chosen.length)}) button`) ?? $("#filter")).focus();
}
