// <wmai-guide>: a launcher with a panel, or the panel inline. All of it lives in a shadow tree of its own.

const HISTORY_TURNS = 6;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(CSS);
const media = (query) => window.matchMedia(query);
const calm = () => media("(prefers-reduced-motion: reduce)").matches;
const DARK = media("(prefers-color-scheme: dark)");
const PHONE = media("(max-width: 30em), (max-height: 26em)");

class WmaiGuide extends HTMLElement {
  #turns = [];
  #running = null;
  #before = null;
  #started = false;

  // An attribute of the element, else the same one of the script tag.
  option = (name) => this.dataset[name] ?? DEFAULTS[name] ?? "";
  say = (name) => (LABELS[this.language] || LABELS.en)[name] ?? LABELS.en[name];

  connectedCallback() {
    if (this.shadowRoot) return;
    this.server = (this.option("server") || SERVER).replace(/\/+$/, "");
    const language = this.option("language").toLowerCase().split("-")[0];
    this.language = language in LABELS ? language : "en";
    this.inline = this.dataset.mode !== "launcher";
    this.dataset.mode = this.inline ? "inline" : "launcher";
    this.dataset.position = this.option("position") === "left" ? "left" : "right";
    this.#build();
    DARK.addEventListener("change", this.#paint);
    if (this.inline) this.#start();
  }

  disconnectedCallback() {
    this.#running?.abort();
    DARK.removeEventListener("change", this.#paint);
  }

  #build() {
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [SHEET];
    const title = plain(this.option("title")) || this.say("title");
    this.log = el("div", { class: "log", part: "log", role: "log", "aria-live": "off", "aria-label": this.say("conversation"), tabindex: "0" });
    this.spoken = el("div", { class: "spoken", role: "status" });
    this.heading = el("h2", { id: "title", part: "title", tabindex: "-1", dir: "auto" }, title);
    const close = el("button", { type: "button", part: "close", click: () => this.close() }, this.say("close"));
    this.panel = el(
      this.inline ? "section" : "dialog", { class: "panel", part: "panel", id: "panel", "aria-labelledby": "title" },
      el("header", { part: "header" }, this.heading, this.inline ? null : close),
      this.log, this.#form(), el("p", { class: "about", part: "about" }, this.say("about"), " ", this.fallbackLink()), this.spoken,
    );
    this.launcher = this.inline ? null : el(
      "button", { type: "button", class: "launcher", part: "launcher", dir: "auto", "aria-haspopup": "dialog", "aria-expanded": "false", click: () => this.open() },
      title,
    );
    this.root = el(
      "div", { class: "root", part: "root", lang: this.language, dir: this.language === "ur" ? "rtl" : "ltr" },
      this.launcher, this.panel,
    );
    const greeting = plain(this.option("greeting")) || this.say("greeting");
    this.log.append(el("p", { part: "greeting", dir: "auto" }, greeting));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.inline) this.close();
    });
    // The browser's own way out of a modal dialog.
    this.panel.addEventListener("cancel", (event) => { event.preventDefault(); this.close(); });
    this.#paint();
    shadow.append(this.root);
  }

  #form() {
    this.box = el("textarea", { id: "question", part: "input", rows: "1", maxlength: "1000", dir: "auto", autocomplete: "off", placeholder: this.say("placeholder") });
    this.send = el("button", { type: "submit", class: "send", part: "send" }, this.say("ask"));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#running) this.#submit();
    });
    const submit = (event) => { event.preventDefault(); this.#submit(); };
    return el(
      "form", { part: "form", submit },
      el("label", { for: "question" }, this.say("question")), el("div", { class: "box" }, this.box, this.send),
    );
  }

  #paint = () => {
    const scheme = this.option("scheme");
    this.root.classList.toggle("dark", scheme === "dark" || (scheme !== "light" && DARK.matches));
    const rgb = rgbOf(this.option("accent"));
    if (!rgb) return;
    this.root.style.setProperty("--accent", this.option("accent"));
    this.root.style.setProperty("--on-accent", readableOn(rgb));
  };

  open() {
    if (this.inline || this.panel.open) return;
    this.#before = document.activeElement;
    if (PHONE.matches) this.panel.showModal();
    else this.panel.show();
    this.launcher.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    (media("(pointer: fine)").matches ? this.box : this.heading).focus({ preventScroll: true });
    this.emit("open", {});
    this.#start();
  }

  close() {
    if (this.inline || !this.panel.open) return;
    this.panel.close();
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    const before = this.#before;
    const elsewhere = before && before !== document.body && before !== this && before.isConnected;
    (elsewhere ? before : this.launcher).focus({ preventScroll: true });
    this.emit("close", {});
  }

  // Told to the host page. What was asked is in it only where the page says data-events="questions".
  emit(name, detail, question = "") {
    const told = this.option("events") === "questions" && question ? { ...detail, question } : detail;
    this.dispatchEvent(new CustomEvent(`wmai:${name}`, { bubbles: true, composed: true, detail: told }));
  }

  fallbackLink() {
    return el("a", { href: `${this.server}/`, target: "_blank", rel: "noopener", part: "link" }, this.say("fallback"));
  }

  askButton(question) {
    return el("li", {}, el("button", { type: "button", part: "suggestion", lang: "en", dir: "auto", click: () => this.ask(question) }, plain(question)));
  }

  // To the top of what scrolls inside the widget; the host page stays where it is.
  bring(element) {
    const scroller = this.log.scrollHeight > this.log.clientHeight ? this.log : this.panel;
    const top = element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop - 8;
    scroller.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
  }

  #names = (option) => this.option(option).split(",").map((name) => name.trim()).filter(Boolean);

  // What the server has to say before the first question: whether it is on, and what could be asked.
  async #start() {
    if (this.#started) return;
    this.#started = true;
    const scope = (option) => this.#names(option).map((name) => [option, name]);
    const query = String(new URLSearchParams([...scope("theme"), ...scope("place")]));
    try {
      const about = await (await request(`${this.server}/api/v1/widget${query && `?${query}`}`)).json();
      this.box.maxLength = about.question_chars_max;
      if (about.off) return this.#off(about.off);
      const examples = about.examples.map((question) => this.askButton(question));
      const list = titledList("ul", this.say("examples"), examples, { class: "examples" });
      if (list && !this.#turns.length) this.log.append(list);
    } catch {
      this.#started = false;
      if (!this.#turns.length) this.#notice(this.say("failed"));
    }
  }

  #off(message) {
    this.box.disabled = this.send.disabled = true;
    this.#notice(message);
  }

  #notice(message) {
    this.log.querySelector(".notice")?.remove();
    this.log.append(el("p", { class: "problem notice", dir: "auto" }, plain(message)), el("p", {}, this.fallbackLink()));
    this.spoken.textContent = plain(message);
  }

  #submit() {
    if (this.#running) return this.#running.abort();
    const question = this.box.value.trim();
    this.box.focus();
    if (!question) return void (this.spoken.textContent = this.say("empty"));
    this.box.value = "";
    return void this.ask(question);
  }

  // Put a question; the answer has come, failed or been stopped when the promise settles.
  async ask(question) {
    if (this.#running) return;
    if (!this.inline) this.open();
    this.spoken.textContent = "";
    const turn = new WidgetTurn(this, question);
    this.#turns.push(turn);
    this.log.append(turn.element);
    this.log.querySelector(".examples")?.remove();
    this.bring(turn.element);
    this.box.focus({ preventScroll: true });
    this.emit("ask", {}, question);
    this.#running = new AbortController();
    this.send.textContent = this.say("stop");
    try {
      await this.#follow(turn, this.#running.signal);
    } finally {
      this.#running = null;
      this.send.textContent = this.say("ask");
    }
  }

  async #follow(turn, signal) {
    const begun = performance.now();
    const earlier = this.#turns.filter((other) => other.answer?.question).slice(-HISTORY_TURNS);
    const history = earlier.map(({ answer }) => ({ question: answer.question, answer: answer.text }));
    const body = { question: turn.question, history, themes: this.#names("theme"), places: this.#names("place") };
    try {
      for await (const event of answerEvents(this.server, body, signal)) {
        if (event.name === "error") throw new Refused(0, event.data.error, 0);
        if (event.name === "done") this.#done(turn, event.data, performance.now() - begun);
        else if (event.name !== "retrieved") turn.stream(event);
      }
    } catch (error) {
      if (signal.aborted) turn.stopped();
      else this.#failed(turn, error);
    }
  }

  #done(turn, answer, elapsed) {
    turn.finish(answer);
    this.bring(turn.element);
    // Said once, whole; the log stays silent, because it is redrawn as the answer comes.
    this.spoken.textContent = plain(answer.text).replace(/\s?\[\d{1,4}\]/g, "");
    const detail = { outcome: answer.outcome, citations: answer.citations.length, milliseconds: Math.round(elapsed) };
    this.emit("answer", detail, turn.question);
  }

  #failed(turn, error) {
    const busy = error.code === "too_many_questions" && this.language !== "en";
    const told = error instanceof Refused && error.message ? error.message : this.say("failed");
    const message = busy ? this.say("tooMany").replace("{s}", String(error.wait)) : told;
    turn.fail(message, () => {
      turn.element.remove();
      this.#turns = this.#turns.filter((other) => other !== turn);
      this.ask(turn.question);
    });
    this.spoken.textContent = plain(message);
    this.emit("error", { code: error.code || "unreachable" }, turn.question);
  }
}
