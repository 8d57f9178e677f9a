// Put into a page before anything else in it runs: tells when it can be used and when the first words of an answer show.
(() => {
  const seen = { shift: 0 };
  window.eye = seen;

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  const usable = () => {
    const box = document.querySelector("#question textarea");
    // The page's own scripts say by data-live that they have taken hold of the conversation.
    if (box && !box.disabled && document.querySelector("#log[data-live]")) seen.usableMs = performance.now();
    else requestAnimationFrame(usable);
  };
  usable();

  // Resolves with the milliseconds from the Enter key to the first frame with words of the answer in it.
  seen.words = (selector) => new Promise((resolve) => {
    let begunMs = 0;
    addEventListener("keydown", (event) => { if (event.key === "Enter") begunMs = performance.now(); }, { capture: true });
    const look = () => {
      if (begunMs && document.querySelector(selector)?.textContent.trim()) resolve(performance.now() - begunMs);
      else requestAnimationFrame(look);
    };
    look();
  });
})();
