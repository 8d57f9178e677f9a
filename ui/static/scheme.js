// Light and dark: follows the system until the reader chooses; the choice is kept in this browser, for every page.
(() => {
  "use strict";

  const KEY = "wmai-scheme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function kept() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: the scheme then lasts as long as the page
    }
  }

  let chosen = kept();

  function apply() {
    const isDark = chosen ? chosen === "dark" : dark.matches;
    const { classList } = document.body;
    // Only where something changes: the observer below would else call this for ever.
    if (classList.contains("dark") !== isDark) classList.toggle("dark", isDark);
    if (classList.contains("light") === isDark) classList.toggle("light", !isDark);
    for (const button of document.querySelectorAll("[data-scheme]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isDark));
    }
  }

  function choose() {
    chosen = document.body.classList.contains("dark") ? "light" : "dark";
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // see kept()
    }
    apply();
  }

  function start() {
    document.addEventListener("click", (event) => event.target.closest("[data-scheme]") && choose());
    dark.addEventListener("change", apply);
    window.addEventListener("storage", (event) => {
      if (event.key !== KEY) return;
      chosen = event.newValue;
      apply();
    });
    // Gradio sets the class by itself when it starts, and draws the head of the page only then.
    new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new MutationObserver((_, observer) => {
      if (document.querySelector("[data-scheme]:not([hidden])")) observer.disconnect();
      else apply();
    }).observe(document.body, { childList: true, subtree: true });
    apply();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
