"use strict";
// On paper nothing can be opened: the tables that are folded away are printed open.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.more").forEach((part) => { part.open = true; });
});
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const cases = [...document.querySelectorAll("#cases .case")];
  const texts = cases.map((row) => row.textContent.toLowerCase());
  const count = document.getElementById("count");
  const button = document.getElementById("open-all");
  const shown = () => cases.filter((row) => !row.hidden);
  const apply = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = (wanted.words || "").toLowerCase().trim();
    cases.forEach((row, at) => {
      const fits = Object.entries(wanted).every(([name, value]) => name === "words" || !value || row.dataset[name] === value);
      row.hidden = !fits || !texts[at].includes(words);
    });
    count.textContent = `${shown().length} of ${cases.length} shown`;
  };
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? "Close all shown" : "Open all shown";
    shown().forEach((row) => { row.open = open; });
  });
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
