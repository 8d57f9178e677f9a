// Writes the tag that the form describes, and shows the widget as that tag would.
(() => {
  "use strict";

  const main = document.querySelector("main");
  const form = document.getElementById("options");
  const snippet = document.getElementById("snippet");
  const preview = document.getElementById("preview");
  const NAMES = ["title", "greeting", "accent", "position", "theme", "place", "language", "scheme"];
  const USUAL = { accent: "#8a2f1b", position: "right", language: "en" };
  const quoted = (text) =>
    text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // What differs from the usual, as data- attributes.
  function chosen() {
    const values = Object.fromEntries(new FormData(form));
    const data = {};
    for (const name of NAMES) {
      const value = (values[name] || "").trim();
      if (value && value !== USUAL[name]) data[name] = value;
    }
    if (values.mode === "inline") delete data.position;
    if (values.questions) data.events = "questions";
    return { data, inline: values.mode === "inline", pinned: Boolean(values.pinned) };
  }

  function tag({ data, inline, pinned }) {
    const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${quoted(value)}"`);
    const server = location.origin;
    const pin = pinned ? `\n  integrity="${main.dataset.integrity}" crossorigin="anonymous"` : "";
    const link = `<a href="${server}/">Ask the West Midlands AI guide</a>`;
    const script = `<script src="${server}/widget.js"${pin}\n ${inline ? "" : attributes.join("\n ")} async></script>`;
    return inline
      ? `<wmai-guide${attributes.join("\n ")}>${link}</wmai-guide>\n${script.replace(/\n {2,}async/, " async")}`
      : `${script.replace(/\n {2,}async/, " async")}\n<noscript>${link}</noscript>`;
  }

  function show() {
    const choice = chosen();
    snippet.textContent = tag(choice);
    const widget = document.createElement("wmai-guide");
    for (const [name, value] of Object.entries(choice.data)) widget.dataset[name] = value;
    if (!choice.inline) widget.dataset.mode = "launcher";
    preview.replaceChildren(widget);
  }

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("copy").addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(snippet.textContent).then(() => true, () => false);
    document.getElementById("copied").textContent = copied ? "Copied" : "Copying is not allowed here; select the text instead";
  });
  show();
})();
