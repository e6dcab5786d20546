import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  printable
} from "./shared-45OH65BV.js";
import {
  matchesGlobs,
  mayMatchWithin
} from "./shared-XR5Q7YXY.js";
import {
  NotCanonicalizable,
  canonicalJson,
  decodeBase64url,
  ed25519Thumbprint,
  isSignedBy,
  sha256Hex
} from "./shared-ICF2F4II.js";
import {
  literal,
  looseObject,
  object,
  string
} from "./shared-2T7SPHVJ.js";

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

// src/core/identity/rsa-key.ts
import { createPublicKey, verify } from "node:crypto";
var MODULUS_BITS_MIN = 2048;
var MODULUS_BITS_MAX = 8192;
var EXPONENT_MIN = 65537;
var EXPONENT_BYTES_MAX = 4;
var SigningJwk = object({
  kty: literal("RSA"),
  use: literal("sig"),
  alg: literal("RS256").optional(),
  kid: string().min(1).max(256),
  n: string().refine((n) => isWithin(bitsOf(n), MODULUS_BITS_MIN, MODULUS_BITS_MAX)),
  e: string().refine(isExponent)
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

// src/core/policy/coverage.ts
function allowCovers(rule, pair, operation) {
  return pair.effect !== "unknown" && applies(rule, pair, operation) && allowCoversObject(rule, pair.effect, pair.object);
}
function denyCovers(rule, pair, operation) {
  return applies(rule, pair, operation) && denyCoversObject(rule, pair.effect, pair.object);
}
function applies(rule, pair, operation) {
  if (rule.effects === null ? pair.effect === "unknown" : !rule.effects.has(pair.effect)) return false;
  if (!matchesGlobs(rule.on, [operation.target])) return false;
  return rule.databases === null || matchesGlobs(rule.databases, [operation.database]);
}
var READING = /* @__PURE__ */ new Set(["read", "copy-out"]);
function allowCoversObject(rule, effect, object2) {
  switch (object2.kind) {
    case "none":
    case "catalog":
      return coversEveryObject(rule) || READING.has(effect) || namesSession(rule, effect);
    case "relation":
      return coversRelation(rule, object2.path);
    case "function":
      return coversFunction(rule, object2.path);
    case "setting":
      return coversEveryObject(rule) || namesSession(rule, effect);
    case "other":
      return coversEveryObject(rule) || namesSession(rule, effect) || isPartMade(rule, effect, object2.what);
    case "undecidable":
      return false;
  }
}
function denyCoversObject(rule, effect, object2) {
  switch (object2.kind) {
    case "none":
    case "setting":
      return coversEveryObject(rule) || namesSession(rule, effect);
    case "catalog":
    case "relation":
      return coversRelation(rule, object2.path);
    case "function":
      return coversFunction(rule, object2.path);
    case "other":
      return coversEveryObject(rule) || namesSession(rule, effect) || mayReachNamed(rule, effect, object2);
    case "undecidable":
      return true;
  }
}
function coversEveryObject(rule) {
  return rule.relations === null && rule.functions === null;
}
function isPartMade(rule, effect, what) {
  return effect === "create" && rule.relations !== null && (what === "index" || what === "statistics");
}
function namesSession(rule, effect) {
  return effect === "session" && rule.effects !== null;
}
function coversRelation(rule, path) {
  return rule.relations === null ? rule.functions === null : matchesGlobs(rule.relations, path);
}
function coversFunction(rule, path) {
  return rule.functions === null ? rule.relations === null : matchesGlobs(rule.functions, path);
}
function mayReachNamed(rule, effect, object2) {
  if (/\bschema\b/.test(object2.what)) {
    return [rule.relations, rule.functions].some((list) => list !== null && mayMatchWithin(list, object2.name));
  }
  return effect === "drop" || effect === "grant";
}

// src/core/policy/decide.ts
function decide(duty, operation) {
  const denials = /* @__PURE__ */ new Set();
  const allowances = /* @__PURE__ */ new Set();
  const reasons = [];
  for (const pair of operation.pairs) {
    const denying = duty.deny.filter((rule) => denyCovers(rule, pair, operation));
    const allowing = duty.allow.filter((rule) => allowCovers(rule, pair, operation));
    for (const rule of denying) denials.add(rule.id);
    for (const rule of allowing) allowances.add(rule.id);
    const reason = reasonAgainst(pair, denying, allowing);
    if (reason !== null) reasons.push(reason);
  }
  if (reasons.length === 0) return { outcome: "allow", rules: [...allowances].sort() };
  return { outcome: "deny", rules: [...denials].sort(), reasons };
}
function reasonAgainst(pair, denying, allowing) {
  const rule = spokesman(denying);
  if (rule !== null) return { pair, why: "denied-by-rule", rule: rule.id, words: rule.reason };
  if (pair.effect === "unknown" || pair.object.kind === "undecidable") return { pair, why: "unknown-effect", rule: null, words: null };
  return allowing.length > 0 ? null : { pair, why: "nothing-allows", rule: null, words: null };
}
function spokesman(rules) {
  const byId = rules.toSorted((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return byId.find((rule) => rule.reason !== null) ?? byId[0] ?? null;
}

// src/core/policy/effective-duty.ts
function effectiveDuty(first, ...more) {
  const duties = [first];
  for (const duty of more) if (!duties.includes(duty)) duties.push(duty);
  return { duties, mask: duties.flatMap(({ mask }) => mask) };
}
function narrowedBy(right, ...added) {
  const [first, ...more] = right.duties;
  return added.every((duty) => right.duties.includes(duty)) ? right : effectiveDuty(first, ...more, ...added);
}
function rightText(duties) {
  return duties.join(" & ");
}
function dutyNames({ duties }) {
  return duties.map(({ name }) => name);
}
function decideAll({ duties }, operation) {
  const [only, ...others] = duties;
  if (others.length === 0) return decide(only, operation);
  const decided = duties.map((duty) => ({ duty: duty.name, decision: decide(duty, operation) }));
  const denied = decided.flatMap(({ duty, decision }) => decision.outcome === "deny" ? [{ duty, decision }] : []);
  if (denied.length === 0) return { outcome: "allow", rules: union(decided.map(({ decision }) => decision.rules)) };
  return {
    outcome: "deny",
    rules: union(denied.map(({ decision }) => decision.rules)),
    reasons: denied.flatMap(({ duty, decision }) => decision.reasons.map((reason) => ({ ...reason, duty })))
  };
}
function union(lists) {
  return [...new Set(lists.flat())].sort();
}

// src/core/audit/checkpoint.ts
function checkpointSigningInput({ session, entries, last }) {
  return Buffer.from(`duty-gate:checkpoint:v1
${canonicalJson({ entries, last, session, v: 1 })}`, "utf8");
}
function isGoodCheckpoint({ key, sig, ...head }, evidenceKey) {
  const signature = decodeBase64url(sig);
  return signature !== null && ed25519Thumbprint(key) === evidenceKey && isSignedBy(key, checkpointSigningInput(head), signature);
}
function checkpointText({ session, entries, last, key, sig }) {
  return `dgc1.${session}.${entries}.${Buffer.from(last, "hex").toString("base64url")}.${key.x}.${sig}`;
}
var TEXT = /dgc1\.([A-Za-z0-9_-]{1,64})\.(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])/g;
function findCheckpoints(line) {
  const found = [];
  for (const [, session = "", count = "", last = "", x = "", sig = ""] of line.matchAll(TEXT)) {
    const [hash, entries] = [decodeBase64url(last), Number(count)];
    if (hash === null || hash.length !== 32 || !Number.isSafeInteger(entries)) continue;
    found.push({ session, entries, last: Buffer.from(hash).toString("hex"), key: { crv: "Ed25519", kty: "OKP", x }, sig });
  }
  return found;
}

// src/core/identity/compact-jws.ts
function parseCompactJws(token) {
  const parts = token.split(".");
  const [head = "", body = "", sig = ""] = parts;
  const [header, claims, signature] = [decodePart(head), decodePart(body), decodeBase64url(sig)];
  if (parts.length !== 3 || sig === "" || header === null || claims === null || signature === null)
    return "it is not a signed compact JWS in strict base64url";
  if (header === "repeats" || claims === "repeats") return "it names a member twice";
  return { header, claims, input: Buffer.from(`${head}.${body}`, "latin1"), signature };
}
function decodePart(part) {
  const bytes = decodeBase64url(part);
  if (bytes === null) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    if (!isObject(value)) return null;
    canonicalJson(value);
    return hasRepeatedMember(text) ? "repeats" : value;
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof NotCanonicalizable) return null;
    throw cause;
  }
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/core/chain/chain.ts
function sessionChain(chain) {
  return chain.map((link, index) => ({ link: index === 0 ? "job" : `job-${index + 1}`, ...chainMembers(link) }));
}
function delegatedLink(entry) {
  return { link: entry.link, ...chainMembers(entry) };
}
function agentLink(entry) {
  return { link: entry.agent, ...chainMembers({ ...entry, executable: entry.executable ?? "", keyThumbprint: null }) };
}
function chainMembers({ principal, duty, executable, started, keyThumbprint }) {
  return { principal, duty, executable, started, keyThumbprint };
}
function dutiesAlong(chain) {
  return [...new Set(chain.map(({ duty }) => duty))];
}
function chainDigest(chain) {
  return sha256Hex(canonicalJson(chain));
}
function toActClaims(chain) {
  const [job, ...actors] = chain;
  const act = actors.reduce((before, { link, executable }) => {
    const sub = executable === "" ? `link:${link}` : `link:${link} ${executable}`;
    return before === void 0 ? { sub } : { sub, act: before };
  }, void 0);
  return { sub: job?.principal ?? "", ...act === void 0 ? {} : { act } };
}

// src/core/identity/claims.ts
function claimStrings(claims) {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === "string" ? value : canonicalJson(value)])
  );
}

// src/core/identity/issuer-header.ts
var KID_CHARACTERS_MAX = 256;
var SHOWN_CHARACTERS_MAX = 40;
var Header = looseObject({ kid: string().min(1).max(KID_CHARACTERS_MAX), typ: literal("JWT").optional() });
var FOREIGN = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"];
function parseIssuerHeader(header) {
  if (header["alg"] !== "RS256") return `it is signed with ${shown(header["alg"])}, expected RS256`;
  const foreign = FOREIGN.filter((name) => Object.hasOwn(header, name));
  if (foreign.length > 0) return `its header has ${foreign.join(", ")}, expected neither keys nor conditions of its own`;
  const parsed = Header.safeParse(header);
  if (parsed.success) return { kid: parsed.data.kid };
  return `its header has no usable ${parsed.error.issues.map((issue) => issue.path.join(".")).join(", ")}`;
}
function shown(alg) {
  return typeof alg === "string" ? printable(JSON.stringify(alg.slice(0, SHOWN_CHARACTERS_MAX))) : "no algorithm";
}

export {
  checkpointSigningInput,
  isGoodCheckpoint,
  checkpointText,
  findCheckpoints,
  hasRepeatedMember,
  parseCompactJws,
  parseIssuerHeader,
  signingKeys,
  publicKeyOf,
  isRs256SignedBy,
  sessionChain,
  delegatedLink,
  agentLink,
  dutiesAlong,
  chainDigest,
  toActClaims,
  effectiveDuty,
  narrowedBy,
  rightText,
  dutyNames,
  decideAll,
  claimStrings
};
