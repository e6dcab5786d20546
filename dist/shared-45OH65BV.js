import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// src/core/recording/safe-terminal.ts
var SEQUENCE_CHARS_MAX = 64;
var STRING_CHARS_MAX = 64 * 1024;
var SafeTerminal = class {
  #state = "ground";
  #held = "";
  #swallowed = 0;
  filter(text) {
    let safe = "";
    for (const char of text) safe += this.#char(char);
    return safe;
  }
  #char(char) {
    switch (this.#state) {
      case "ground":
        return this.#ground(char);
      case "escape":
        return this.#escape(char);
      case "charset":
        this.#state = "ground";
        if (char === "B" || char === "0") return `${ESC}(${char}`;
        return isControl(char) ? this.#ground(char) : "";
      case "sequence":
        return this.#sequence(char);
      case "string":
        return this.#string(char);
      case "string-escape":
        this.#state = "ground";
        return char === "\\" ? "" : this.#escape(char);
    }
  }
  #ground(char) {
    if (char === ESC) {
      this.#state = "escape";
      return "";
    }
    return isDrawn(char) ? char : "";
  }
  #escape(char) {
    this.#state = "ground";
    if (char === "[") {
      this.#state = "sequence";
      this.#held = "";
    } else if (char === "(") {
      this.#state = "charset";
    } else if (STRING_OPENERS.has(char)) {
      this.#state = "string";
      this.#swallowed = 0;
    } else if (char === "7" || char === "8" || char === "M" || char === "D" || char === "E") {
      return ESC + char;
    } else if (isControl(char)) {
      return this.#ground(char);
    } else if (char >= " " && char <= "/") {
      this.#state = "sequence";
      this.#held = DROPPED_ESCAPE;
    }
    return "";
  }
  #sequence(char) {
    if (isControl(char) || char > "~") {
      this.#state = "ground";
      return this.#ground(char);
    }
    if (this.#held === DROPPED_ESCAPE) {
      if (char >= "0") this.#state = "ground";
      return "";
    }
    if (char >= "@") {
      this.#state = "ground";
      return isSafeSequence(this.#held, char) ? `${ESC}[${this.#held}${char}` : "";
    }
    this.#held = this.#held.length < SEQUENCE_CHARS_MAX ? this.#held + char : TOO_LONG;
    return "";
  }
  #string(char) {
    this.#swallowed += 1;
    if (char === BEL || char === ST || char === CAN || char === SUB) this.#state = "ground";
    else if (char === ESC) this.#state = "string-escape";
    else if (this.#swallowed >= STRING_CHARS_MAX) this.#state = "ground";
    return "";
  }
};
var TERMINAL_RESET = "\x1B[?1049l\x1B[0m\x1B[r\x1B[?7h\x1B[?25h\x1B(B";
function printable(text) {
  return text.replace(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
var ESC = "\x1B";
var BEL = "\x07";
var CAN = "";
var SUB = "";
var ST = "\x9C";
var STRING_OPENERS = /* @__PURE__ */ new Set(["]", "P", "X", "^", "_", "k"]);
var DROPPED_ESCAPE = "!escape";
var TOO_LONG = "!long";
var UNPRINTABLE = /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
var HIDING = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
function isControl(char) {
  return char < " " || char >= "\x7F" && char <= "\x9F";
}
function isDrawn(char) {
  if (char === "\n" || char === "\r" || char === "	" || char === "\b") return true;
  return !isControl(char) && !HIDING.test(char);
}
var PARAMETERS = /^(?:[0-9]{0,4}(?:[;:][0-9]{0,4}){0,31})$/;
var FINALS = new Set("ABCDEFGHIJKLMPXZ@STabdef`rmsu");
var DRAWING_MODES = /^\?(?:7|25|47|1047|1048|1049)$/;
function isSafeSequence(body, final) {
  if (final === "h" || final === "l") return DRAWING_MODES.test(body);
  if (!PARAMETERS.test(body) || !FINALS.has(final)) return false;
  switch (final) {
    case "J":
      return !body.includes("3");
    // 3J erases the reader's own scroll-back
    case "T":
    case "s":
    case "u":
      return !body.includes(";") && !body.includes(":");
    // with more they mean mouse tracking, margins, keyboard protocol
    default:
      return true;
  }
}

export {
  SafeTerminal,
  TERMINAL_RESET,
  printable
};
