// Explore without a page load: the list follows the form as it is filled in, its sorting and its pages. The server
// draws the list either way; without this script the same form and links load the page.
(() => {
  "use strict";

  const PAUSE_MS = 250;
  let timer = 0;
  let asked = null;

  async function show(address, focus) {
    asked?.abort();
    asked = new AbortController();
    const results = document.querySelector("#results");
    results.setAttribute("aria-busy", "true");
    let text;
    try {
      const reply = await fetch(address, { signal: asked.signal });
      if (!reply.ok) throw new Error(`status ${reply.status}`);
      text = await reply.text();
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address); // the page itself says what is wrong
      return;
    }
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const found = fresh.querySelector("#results");
    // The line that says how many there are stays the same element, so that its change is announced.
    const line = results.querySelector(".found");
    line.textContent = found.querySelector(".found").textContent;
    found.querySelector(".found").replaceWith(line);
    results.replaceChildren(...found.childNodes);
    results.removeAttribute("aria-busy");
    for (const input of fresh.querySelectorAll(".filters input[type=hidden]")) {
      document.querySelector(`.filters input[name="${input.name}"]`).value = input.value;
    }
    document.querySelector(".filters .act").replaceChildren(...fresh.querySelector(".filters .act").childNodes);
    history.replaceState(null, "", address);
    if (focus) (results.querySelector(focus) ?? line).focus();
  }

  function address(form) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    return `${form.getAttribute("action")}?${query}`;
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    clearTimeout(timer);
    timer = setTimeout(() => show(address(form)), event.target.localName === "select" ? 0 : PAUSE_MS);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-live]")) return;
    event.preventDefault();
    clearTimeout(timer);
    show(address(event.target));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#results thead a, #results .pager a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    const head = link.closest("th");
    const focus = head ? `thead th:nth-child(${head.cellIndex + 1}) a` : `.pager a[rel="${link.rel}"], .pager a`;
    show(link.getAttribute("href"), focus).then(() => head || document.querySelector("#results").scrollIntoView());
  });
})();
