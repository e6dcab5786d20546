import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  parseResize
} from "./shared-ZTYEZK3O.js";
import {
  canonicalString
} from "./shared-ICF2F4II.js";

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
  AsciicastWriter
};
