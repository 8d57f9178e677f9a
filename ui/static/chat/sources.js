// The sources panel: beside the conversation on a wide screen, in a sheet over it on a narrow one.

import { $, $$, bring, narrow } from "./dom.js";

let opener = null; // what gets the focus back when the sheet closes

/** Shows the sources of one turn. */
export function showGroup(number) {
  for (const group of $$("#groups .panel-group")) {
    const hidden = group.dataset.turn !== String(number);
    if (group.hidden !== hidden) group.hidden = hidden;
  }
}

/** Opens the card that a marker names. */
export function openCard(marker) {
  const { turn, marker: number } = marker.dataset;
  showGroup(turn);
  const card = document.getElementById(`card-${turn}-${number}`);
  if (!card) return;
  for (const other of $$(".card.current, .cite.current")) other.classList.remove("current");
  card.classList.add("current");
  marker.classList.add("current");
  if (narrow.matches) openSheet(marker);
  card.focus({ preventScroll: true });
  bring(card, narrow.matches ? "start" : "nearest");
}

/** The sources of a turn in the sheet. */
export function openSources(button, number) {
  showGroup(number);
  openSheet(button);
  $("#panel-title").focus({ preventScroll: true });
}

function openSheet(from) {
  const sheet = $("#sheet");
  opener = from;
  if (sheet.open) return;
  sheet.append($("#panel"));
  sheet.addEventListener("close", closed, { once: true });
  sheet.showModal();
}

function closed() {
  $("#sheet").before($("#panel"));
  opener?.focus();
  if (opener) bring(opener, "nearest");
  opener = null;
}

/** From a card to the marker it belongs to. */
export function backToMarker(card) {
  const [, turn, number] = card.id.split("-");
  const marker = $(`#turns .cite[data-turn="${turn}"][data-marker="${number}"]`);
  if ($("#sheet").open) {
    opener = marker ?? opener;
    $("#sheet").close();
  } else if (marker) {
    marker.focus({ preventScroll: true });
    bring(marker, "center");
  }
}

// On a screen that has become wide the sources stand beside the conversation again.
narrow.addEventListener("change", () => $("#sheet")?.open && $("#sheet").close());
