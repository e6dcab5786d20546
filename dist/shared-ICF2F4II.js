import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  literal,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";

// src/core/audit/sha256.ts
import { createHash, hash } from "node:crypto";
function sha256Hex(content) {
  return hash("sha256", content, "hex");
}
function sha256Base64url(content) {
  return hash("sha256", content, "base64url");
}
function startSha256() {
  const running = createHash("sha256");
  return {
    update: (content) => void running.update(content),
    hex: () => running.digest("hex")
  };
}

// src/core/audit/canonical-json.ts
var CANONICAL_DEPTH_MAX = 64;
var NotCanonicalizable = class extends Error {
  name = "NotCanonicalizable";
};
function canonicalJson(value) {
  return write(value, 0);
}
function canonicalString(text) {
  if (!text.isWellFormed()) throw new NotCanonicalizable("Cannot write a string: it holds a lone surrogate, expected well-formed Unicode");
  return JSON.stringify(text);
}
function isCanonicalJson(text, value) {
  try {
    return isSorted(value, 0) && JSON.stringify(value) === text || canonicalJson(value) === text && hasOnlyIntegers(value);
  } catch (cause) {
    if (cause instanceof NotCanonicalizable) return false;
    throw cause;
  }
}
function write(value, depth) {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return writeNumber(value);
  if (value === null || value === true || value === false) return String(value);
  if (typeof value !== "object") throw new NotCanonicalizable(`Cannot write a value: it is of type ${typeof value}, expected JSON`);
  if (depth >= CANONICAL_DEPTH_MAX) throw new NotCanonicalizable(`Cannot write a value: deeper than ${CANONICAL_DEPTH_MAX} levels`);
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
}
function writeNumber(value) {
  if (!Number.isFinite(value)) throw new NotCanonicalizable(`Cannot write a number: it is ${value}, expected a finite one`);
  return JSON.stringify(value);
}
function writeArray(items, depth) {
  let text = "[";
  for (let index = 0; index < items.length; index += 1) text += (index === 0 ? "" : ",") + write(items[index], depth);
  return `${text}]`;
}
function writeObject(object, depth) {
  let text = "{";
  for (const [key, member] of Object.entries(object).sort(byKey))
    text += `${text === "{" ? "" : ","}${canonicalString(key)}:${write(member, depth)}`;
  return `${text}}`;
}
function byKey(a, b) {
  return a[0] < b[0] ? -1 : 1;
}
function hasOnlyIntegers(value) {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(hasOnlyIntegers);
}
function isSorted(value, depth) {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (depth >= CANONICAL_DEPTH_MAX) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  let last = null;
  for (const [key, member] of Object.entries(value)) {
    if (last !== null && last >= key) return false;
    if (!key.isWellFormed() || !isSorted(member, depth + 1)) return false;
    last = key;
  }
  return true;
}

// src/core/identity/base64url.ts
function decodeBase64url(text) {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

// src/core/identity/ed25519.ts
import { createPublicKey, verify } from "node:crypto";
var Ed25519Jwk = strictObject({
  crv: literal("Ed25519"),
  kty: literal("OKP"),
  /** 32 bytes, base64url in its only spelling. */
  x: string().refine((x) => decodeBase64url(x)?.length === 32, "expected 32 bytes in strict base64url")
});
function ed25519Thumbprint({ crv, kty, x }) {
  return sha256Base64url(canonicalJson({ crv, kty, x }));
}
function isCanonicalPoint(bytes) {
  const sign = (bytes[31] ?? 0) >> 7;
  const y = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`) & 2n ** 255n - 1n;
  return y < P && !(sign === 1 && (y === 1n || y === P - 1n));
}
var P = 2n ** 255n - 19n;
function isSignedBy(key, content, signature) {
  if (signature.length !== 64 || !isCanonicalPoint(Buffer.from(key.x, "base64url"))) return false;
  try {
    return verify(null, content, createPublicKey({ key, format: "jwk" }), signature);
  } catch {
    return false;
  }
}

export {
  sha256Hex,
  sha256Base64url,
  startSha256,
  NotCanonicalizable,
  canonicalJson,
  canonicalString,
  isCanonicalJson,
  decodeBase64url,
  Ed25519Jwk,
  ed25519Thumbprint,
  isSignedBy
};
