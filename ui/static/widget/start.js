// An element in the page is the inline widget; where there is none, a launcher is added at the end of the body.

const begin = () => {
  if (customElements.get("wmai-guide")) return;
  customElements.define("wmai-guide", WmaiGuide);
  if (document.querySelector("wmai-guide") || DEFAULTS.mode === "inline") return;
  document.body.append(el("wmai-guide", { "data-mode": "launcher" }));
};

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
else begin();
