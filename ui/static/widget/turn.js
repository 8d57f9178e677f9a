// One question with its answer, from the first event to the reader's verdict.

const REASONS = ["wrong", "outdated", "unsupported", "missing"];

class WidgetTurn {
  // `host` is the element: its labels, server, language and events.
  constructor(host, question) {
    this.host = host;
    this.question = question;
    this.text = "";
    this.answer = null;
    this.body = el("div", { class: "answer", part: "answer" });
    this.element = el(
      "article", { class: "turn", part: "turn" },
      el("p", { class: "question", part: "question", dir: "auto" }, plain(question)),
      this.body,
    );
    this.show(el("p", { class: "soft pending" }, host.say("looking")));
  }

  show(...nodes) {
    this.body.replaceChildren(...nodes.filter(Boolean));
  }

  // Text as it comes; its markers lead nowhere until the citations are known.
  stream(event) {
    const { say } = this.host;
    if (event.name === "restart") this.text = "";
    if (event.name === "delta") this.text += event.data.text;
    if (event.name === "withdrawn" && this.text.endsWith(event.data.text)) {
      this.text = this.text.slice(0, this.text.length - event.data.text.length);
    }
    const blocks = answerBlocks(this.text, (number) => el("span", { class: "pending" }, ` [${number}]`));
    this.show(el("div", { lang: "en", dir: "auto" }, ...blocks), el("p", { class: "soft pending" }, say("looking")));
  }

  finish(answer) {
    this.answer = answer;
    const { say, server, language } = this.host;
    const answered = answer.outcome === "answered" || answer.outcome === "partial";
    const byMarker = new Map(answer.citations.map((citation) => [citation.marker, citation]));
    const blocks = answerBlocks(answer.text, (number) => this.marker(byMarker.get(number)));
    const cards = answer.citations.map((citation) => citationCard(citation, say, server, language));
    const closest = answered ? [] : answer.hits.slice(0, 3).map((hit) => closestCard(hit, say, server));
    const suggestions = answer.suggestions.map((question) => this.host.askButton(question));
    const understood = answer.standalone_question !== answer.question && answer.standalone_question;
    this.show(
      understood ? el("p", { class: "soft" }, `${say("understood")} `, el("span", { lang: "en" }, plain(understood))) : null,
      el("div", { class: "answer", lang: "en", dir: "auto" }, ...blocks),
      answer.notice ? el("p", { class: "soft", lang: "en" }, plain(answer.notice)) : null,
      titledList("ol", say("sources"), cards, { part: "citations" }),
      titledList("ul", say("closest"), closest),
      titledList("ul", say("suggestions"), suggestions),
      answered ? this.verdict() : null,
    );
  }

  marker(citation) {
    if (!citation) return null;
    const label = `${this.host.say("source")} ${citation.marker}: ${plain(citation.source.title)}`;
    return el(
      "button", { type: "button", class: "cite", part: "marker", "aria-label": label, click: () => this.openCitation(citation.marker) },
      String(citation.marker),
    );
  }

  openCitation(marker) {
    const card = this.body.querySelector(`.citation[data-marker="${marker}"]`);
    card.focus({ preventScroll: true });
    this.host.bring(card);
    card.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      event.preventDefault();
      [...this.body.querySelectorAll(".cite")].find((button) => button.textContent === String(marker))?.focus();
    };
  }

  verdict() {
    const { say } = this.host;
    const status = el("span", { class: "soft", role: "status" });
    const press = (name) => [up, down].forEach((button) => button.setAttribute("aria-pressed", String(button === name)));
    const give = async (rating, reason) => {
      press(rating === "up" ? up : down);
      status.textContent = (await this.sendVerdict(rating, reason)) ? say("thanks") : say("notStored");
      if (!reasons.hidden) down.focus();
      reasons.hidden = true;
      down.setAttribute("aria-expanded", "false");
    };
    const up = el("button", { type: "button", part: "button", "aria-pressed": "false", click: () => give("up") }, say("helpful"));
    const toggle = () => {
      reasons.hidden = !reasons.hidden;
      down.setAttribute("aria-expanded", String(!reasons.hidden));
      if (!reasons.hidden) reasons.querySelector("button").focus();
    };
    const down = el(
      "button", { type: "button", part: "button", "aria-pressed": "false", "aria-expanded": "false", click: toggle },
      say("unhelpful"),
    );
    const reasons = el(
      "div", { class: "row", role: "group", "aria-label": say("why"), hidden: true },
      ...REASONS.map((reason) => el("button", { type: "button", part: "button", click: () => give("down", reason) }, say(reason))),
    );
    reasons.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      event.preventDefault();
      toggle();
      down.focus();
    });
    return el("div", {}, el("div", { class: "row" }, up, down, status), reasons);
  }

  async sendVerdict(rating, reason) {
    const { question, text, index_build } = this.answer;
    try {
      const body = { question, answer: text, index_build, rating, ...(reason && { reason }) };
      await post(`${this.host.server}/api/v1/feedback`, body);
      this.host.emit("feedback", { rating, reason: reason || null }, this.question);
      return true;
    } catch {
      return false;
    }
  }

  fail(message, retry) {
    const { say } = this.host;
    this.show(
      el("p", { class: "problem" }, plain(message)),
      el("div", { class: "row" }, el("button", { type: "button", part: "button", click: retry }, say("retry")), this.host.fallbackLink()),
    );
  }

  stopped() {
    const blocks = answerBlocks(this.text, (number) => el("span", { class: "pending" }, ` [${number}]`));
    this.show(el("div", { lang: "en", dir: "auto" }, ...blocks), el("p", { class: "soft" }, this.host.say("stopped")));
  }
}
