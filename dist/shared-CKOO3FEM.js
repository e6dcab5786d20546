import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  parseResize
} from "./shared-ZTYEZK3O.js";
import {
  canonicalString
} from "./shared-PSFWEQ5L.js";

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

// src/core/recording/asciicast.ts
var DEFAULT_SIZE = { columns: 80, rows: 24 };
var AsciicastWriter = class {
  #begun = false;
  /** Time of the last frame, and of the last event. */
  #lastMicros = 0;
  #eventMicros = 0;
  #returned = false;
  #v2 = "";
  #v3 = "";
  #output = utf8Decoder();
  #input = utf8Decoder();
  /** The lines that this frame adds. */
  frame(frame) {
    this.#lastMicros = frame.micros;
    const size = frame.stream === "resize" ? parseResize(frame.payload) : null;
    if (this.#begun) this.#frame(frame, size);
    else {
      this.#begin(size ?? DEFAULT_SIZE);
      if (size === null) this.#frame(frame, null);
    }
    return this.#taken();
  }
  /** The last lines: what remained of sequences that never ended. */
  end() {
    if (!this.#begun) this.#begin(DEFAULT_SIZE);
    this.#text("o", this.#withReturns(this.#output.decode()));
    this.#text("i", this.#input.decode());
    return this.#taken();
  }
  #begin({ columns, rows }) {
    this.#begun = true;
    this.#v2 += `{"version":2,"width":${columns},"height":${rows}}
`;
    this.#v3 += `{"version":3,"term":{"cols":${columns},"rows":${rows}}}
`;
  }
  #frame({ stream, payload }, size) {
    switch (stream) {
      case "output":
        return this.#text("o", this.#withReturns(this.#output.decode(payload, { stream: true })));
      case "input":
        return this.#text("i", this.#input.decode(payload, { stream: true }));
      case "marker":
        return this.#event("m", utf8Decoder().decode(payload));
      case "resize":
        if (size !== null) this.#event("r", `${size.columns}x${size.rows}`);
    }
  }
  /** What was recorded off a terminal ends its lines in LF alone; a player would go on below the line's end. */
  #withReturns(text) {
    const lines = text.replace(/\r?\n/g, (end, at) => at === 0 && end === "\n" && this.#returned ? "\n" : "\r\n");
    if (text !== "") this.#returned = text.endsWith("\r");
    return lines;
  }
  #text(code, data) {
    if (data !== "") this.#event(code, data);
  }
  #event(code, data) {
    const rest = `,"${code}",${canonicalString(data)}]
`;
    this.#v2 += `[${seconds(this.#lastMicros)}${rest}`;
    this.#v3 += `[${seconds(this.#lastMicros - this.#eventMicros)}${rest}`;
    this.#eventMicros = this.#lastMicros;
  }
  #taken() {
    const lines = { v2: this.#v2, v3: this.#v3 };
    this.#v2 = "";
    this.#v3 = "";
    return lines;
  }
};
function utf8Decoder() {
  return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
}
function seconds(micros) {
  const fraction = String(micros % 1e6).padStart(6, "0").replace(/0+$/, "");
  return `${Math.floor(micros / 1e6)}${fraction === "" ? "" : `.${fraction}`}`;
}

export {
  SafeTerminal,
  TERMINAL_RESET,
  printable,
  AsciicastWriter
};
