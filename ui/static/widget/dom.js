// Elements and text. Nothing in the widget makes markup from text: every text becomes a text node or an attribute value.

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
};

// Without what a page must not carry: control characters and direction overrides.
const plain = (text) =>
  String(text ?? "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");

// An absolute http or https address with a host and no user name; else null.
const safeUrl = (url) => {
  if (!url || url.length > 2000 || /[\s\u0000-\u0020\u007f\\]/.test(url)) return null;
  try {
    const parsed = new URL(url);
    const web = parsed.protocol === "https:" || parsed.protocol === "http:";
    return web && parsed.hostname && !parsed.username && !parsed.password ? parsed.href : null;
  } catch {
    return null;
  }
};

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Black or white, whichever stands out more from a colour that the host page has chosen (WCAG 2.2, relative luminance).
const readableOn = (rgb) => {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
};

const rgbOf = (hex) => {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (short) return short.slice(1).map((digit) => parseInt(digit + digit, 16));
  return long ? long.slice(1).map((digits) => parseInt(digits, 16)) : null;
};

// 2023-06-20, 2023-06 or 2023 in the words of the language; the text itself where it is no such date.
const dateText = (value, language) => {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(value);
  if (!match) return plain(value);
  const [, year, month, day] = match;
  if (!month) return year;
  const options = { timeZone: "UTC", year: "numeric", month: "long", ...(day && { day: "numeric" }) };
  const date = new Date(Date.UTC(+year, +month - 1, +(day || 1)));
  const locale = language === "en" ? "en-GB" : language;
  return Number.isNaN(+date) ? plain(value) : new Intl.DateTimeFormat([locale, "en-GB"], options).format(date);
};

const isOld = (value) => {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(value ?? "");
  if (!match) return false;
  const last = Date.UTC(+match[1], match[2] ? +match[2] - (match[3] ? 1 : 0) : 12, match[3] ? +match[3] : 0);
  const limit = new Date();
  limit.setUTCFullYear(limit.getUTCFullYear() - 2);
  return last < +limit;
};
