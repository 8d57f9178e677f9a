// The script tag's own data- attributes, and the server that it came from.

const SCRIPT = document.currentScript;
const DEFAULTS = { ...SCRIPT?.dataset };
const SERVER = SCRIPT ? SCRIPT.src.replace(/\/widget\.js.*$/, "") : location.origin;
