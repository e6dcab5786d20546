import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  parseResize
} from "./shared-DBOSDKD3.js";
import {
  canonicalJson,
  canonicalString,
  decodeBase64url,
  external_exports
} from "./shared-3DBFPAHH.js";

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

// src/core/identity/rsa-key.ts
import { createPublicKey, verify } from "node:crypto";
var MODULUS_BITS_MIN = 2048;
var MODULUS_BITS_MAX = 8192;
var EXPONENT_MIN = 65537;
var EXPONENT_BYTES_MAX = 4;
var SigningJwk = external_exports.object({
  kty: external_exports.literal("RSA"),
  use: external_exports.literal("sig"),
  alg: external_exports.literal("RS256").optional(),
  kid: external_exports.string().min(1).max(256),
  n: external_exports.string().refine((n) => isWithin(bitsOf(n), MODULUS_BITS_MIN, MODULUS_BITS_MAX)),
  e: external_exports.string().refine(isExponent)
});
function signingKeys(set) {
  const keys = set.flatMap((each) => {
    const parsed = SigningJwk.safeParse(each);
    return parsed.success ? [{ kid: parsed.data.kid, n: parsed.data.n, e: parsed.data.e }] : [];
  });
  const unique = new Map(keys.map((key) => [`${key.kid}
${key.n}
${key.e}`, key]));
  const byKid = Map.groupBy(unique.values(), ({ kid }) => kid);
  return [...byKid.values()].flatMap((same) => same.length === 1 ? same : []);
}
function publicKeyOf({ n, e }) {
  return createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
}
function isRs256SignedBy(key, input, signature) {
  try {
    return verify("RSA-SHA256", input, publicKeyOf(key), signature);
  } catch {
    return false;
  }
}
function bitsOf(text) {
  const bytes = decodeBase64url(text);
  const first = bytes?.[0] ?? 0;
  return bytes === null || first === 0 ? 0 : bytes.length * 8 - (Math.clz32(first) - 24);
}
function isExponent(text) {
  const bits = bitsOf(text);
  const bytes = decodeBase64url(text);
  if (bits === 0 || bytes === null || bytes.length > EXPONENT_BYTES_MAX) return false;
  const value = bytes.readUIntBE(0, bytes.length);
  return value >= EXPONENT_MIN && value % 2 === 1;
}
function isWithin(value, min, max) {
  return value >= min && value <= max;
}

// src/core/identity/unique-members.ts
function hasRepeatedMember(json) {
  const open = [];
  let text = "";
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs)) {
    if (token === "{") open.push(/* @__PURE__ */ new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") text = token;
    else if (isRepeated(open.at(-1), String(JSON.parse(text)))) return true;
  }
  return false;
}
function isRepeated(members, name) {
  if (members?.has(name) === true) return true;
  members?.add(name);
  return false;
}

// src/core/recording/asciicast.ts
var DEFAULT_SIZE = { columns: 80, rows: 24 };
var AsciicastWriter = class {
  #begun = false;
  #lastMicros = 0;
  #returned = false;
  #output = utf8Decoder();
  #input = utf8Decoder();
  /** The lines, each with its LF, that this frame adds; may be empty. */
  frame(frame) {
    this.#lastMicros = frame.micros;
    const size = frame.stream === "resize" ? parseResize(frame.payload) : null;
    if (!this.#begun) {
      this.#begun = true;
      return size === null ? header(DEFAULT_SIZE) + this.#event(frame, null) : header(size);
    }
    return this.#event(frame, size);
  }
  /** The last lines: what remained of sequences that never ended. */
  end() {
    const start = this.#begun ? "" : header(DEFAULT_SIZE);
    return start + event(this.#lastMicros, "o", this.#withReturns(this.#output.decode())) + event(this.#lastMicros, "i", this.#input.decode());
  }
  /** What was recorded off a terminal ends its lines in LF alone; a player would go on below the line's end. */
  #withReturns(text) {
    const lines = text.replace(/\r?\n/g, (end, at) => at === 0 && end === "\n" && this.#returned ? "\n" : "\r\n");
    if (text !== "") this.#returned = text.endsWith("\r");
    return lines;
  }
  #event({ micros, stream, payload }, size) {
    switch (stream) {
      case "output":
        return event(micros, "o", this.#withReturns(this.#output.decode(payload, { stream: true })));
      case "input":
        return event(micros, "i", this.#input.decode(payload, { stream: true }));
      case "marker":
        return `[${seconds(micros)},"m",${canonicalString(utf8Decoder().decode(payload))}]
`;
      case "resize":
        return size === null ? "" : event(micros, "r", `${size.columns}x${size.rows}`);
    }
  }
};
function utf8Decoder() {
  return new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
}
function header({ columns, rows }) {
  return `{"version":2,"width":${columns},"height":${rows}}
`;
}
function event(micros, code, data) {
  return data === "" ? "" : `[${seconds(micros)},"${code}",${canonicalString(data)}]
`;
}
function seconds(micros) {
  const fraction = String(micros % 1e6).padStart(6, "0").replace(/0+$/, "");
  return `${Math.floor(micros / 1e6)}${fraction === "" ? "" : `.${fraction}`}`;
}

// src/core/identity/claims.ts
function claimStrings(claims) {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === "string" ? value : canonicalJson(value)])
  );
}

// src/core/identity/compact-jws.ts
function parseCompactJws(token) {
  const parts = token.split(".");
  const [head = "", body = "", sig = ""] = parts;
  const [header2, claims, signature] = [decodePart(head), decodePart(body), decodeBase64url(sig)];
  if (parts.length !== 3 || sig === "" || header2 === null || claims === null || signature === null)
    return "it is not a signed compact JWS in strict base64url";
  if (header2 === "repeats" || claims === "repeats") return "it names a member twice";
  return { header: header2, claims, input: Buffer.from(`${head}.${body}`, "latin1"), signature };
}
function decodePart(part) {
  const bytes = decodeBase64url(part);
  if (bytes === null) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    if (!isObject(value)) return null;
    return hasRepeatedMember(text) ? "repeats" : value;
  } catch {
    return null;
  }
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/core/identity/issuer-header.ts
var KID_CHARACTERS_MAX = 256;
var SHOWN_CHARACTERS_MAX = 40;
var Header = external_exports.looseObject({ kid: external_exports.string().min(1).max(KID_CHARACTERS_MAX), typ: external_exports.literal("JWT").optional() });
var FOREIGN = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"];
function parseIssuerHeader(header2) {
  if (header2["alg"] !== "RS256") return `it is signed with ${shown(header2["alg"])}, expected RS256`;
  const foreign = FOREIGN.filter((name) => Object.hasOwn(header2, name));
  if (foreign.length > 0) return `its header has ${foreign.join(", ")}, expected neither keys nor conditions of its own`;
  const parsed = Header.safeParse(header2);
  if (parsed.success) return { kid: parsed.data.kid };
  return `its header has no usable ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`;
}
function shown(alg) {
  return typeof alg === "string" ? printable(JSON.stringify(alg.slice(0, SHOWN_CHARACTERS_MAX))) : "no algorithm";
}

export {
  signingKeys,
  publicKeyOf,
  isRs256SignedBy,
  hasRepeatedMember,
  AsciicastWriter,
  claimStrings,
  parseCompactJws,
  SafeTerminal,
  TERMINAL_RESET,
  printable,
  parseIssuerHeader
};
