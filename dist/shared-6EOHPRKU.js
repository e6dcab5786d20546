import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  GLOB_ALTERNATIVES_MAX,
  Minimatch,
  braceExpand
} from "./shared-XR5Q7YXY.js";
import {
  Ed25519Jwk,
  decodeBase64url,
  ed25519Thumbprint
} from "./shared-ICF2F4II.js";
import {
  _enum,
  array,
  discriminatedUnion,
  int,
  literal,
  never,
  strictObject,
  string,
  union
} from "./shared-2T7SPHVJ.js";

// src/control/saved-session.ts
import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// src/control/keys.ts
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

// node_modules/jose/dist/webapi/lib/buffer_utils.js
var encoder = new TextEncoder();
var decoder = new TextDecoder();
var strictDecoder = new TextDecoder("utf-8", { fatal: true });
var UINT32_RANGE = 2 ** 32;
function concat(...buffers) {
  const size = buffers.reduce((acc, { length }) => acc + length, 0), buf = new Uint8Array(size);
  let i = 0;
  for (const buffer of buffers)
    buf.set(buffer, i), i += buffer.length;
  return buf;
}
var NON_ASCII = /[^\x00-\x7f]/;
function encode(string2) {
  if (typeof string2 == "string" && string2.length >= 128) {
    if (NON_ASCII.test(string2))
      throw new TypeError("non-ASCII string encountered in encode()");
    return encoder.encode(string2);
  }
  const bytes = new Uint8Array(string2.length);
  for (let i = 0; i < string2.length; i++) {
    const code = string2.charCodeAt(i);
    if (code > 127)
      throw new TypeError("non-ASCII string encountered in encode()");
    bytes[i] = code;
  }
  return bytes;
}
function encodeBase64(input, url = false) {
  if (Uint8Array.prototype.toBase64)
    return input.toBase64({ alphabet: url ? "base64url" : "base64", omitPadding: url });
  const CHUNK_SIZE = 32768, arr = [];
  for (let i = 0; i < input.length; i += CHUNK_SIZE)
    arr.push(String.fromCharCode.apply(null, input.subarray(i, i + CHUNK_SIZE)));
  const encoded = btoa(arr.join(""));
  return url ? encoded.replace(/=/g, "").replace(/\+/g, "-").replace(/\//g, "_") : encoded;
}
function decodeBase64(encoded, url = false) {
  if (Uint8Array.fromBase64)
    return Uint8Array.fromBase64(encoded, { alphabet: url ? "base64url" : "base64" });
  if (url) {
    if (encoded.includes("+") || encoded.includes("/"))
      throw new TypeError("Invalid base64url");
    encoded = encoded.replace(/-/g, "+").replace(/_/g, "/");
  }
  const binary = atob(encoded), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++)
    bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// node_modules/jose/dist/webapi/util/errors.js
var JOSEError = class extends Error {
  static code = "ERR_JOSE_GENERIC";
  code = "ERR_JOSE_GENERIC";
  constructor(message2, options) {
    super(message2, options), this.name = this.constructor.name, Error.captureStackTrace?.(this, this.constructor);
  }
};
var JOSEAlgNotAllowed = class extends JOSEError {
  static code = "ERR_JOSE_ALG_NOT_ALLOWED";
  code = "ERR_JOSE_ALG_NOT_ALLOWED";
};
var JOSENotSupported = class extends JOSEError {
  static code = "ERR_JOSE_NOT_SUPPORTED";
  code = "ERR_JOSE_NOT_SUPPORTED";
};
var JWSInvalid = class extends JOSEError {
  static code = "ERR_JWS_INVALID";
  code = "ERR_JWS_INVALID";
};
var JWSSignatureVerificationFailed = class extends JOSEError {
  static code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
  code = "ERR_JWS_SIGNATURE_VERIFICATION_FAILED";
  constructor(message2 = "signature verification failed", options) {
    super(message2, options);
  }
};

// node_modules/jose/dist/webapi/util/base64url.js
var invalid = "The input to be decoded is not correctly encoded.";
function decode(input) {
  try {
    return decodeBase64(typeof input == "string" ? input : decoder.decode(input), true);
  } catch (cause) {
    throw new TypeError(invalid, { cause });
  }
}
function encode2(input) {
  return encodeBase64(typeof input == "string" ? encoder.encode(input) : input, true);
}

// node_modules/jose/dist/webapi/lib/validate.js
function assertUint8Array(input, label) {
  if (!(input instanceof Uint8Array))
    throw new TypeError(`${label} must be an instance of Uint8Array`);
}
function isObject(input) {
  if (typeof input != "object" || input === null || Object.prototype.toString.call(input) !== "[object Object]")
    return false;
  const prototype = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function isDisjoint(...headers) {
  const parameters = /* @__PURE__ */ new Set();
  for (const header of headers)
    if (header)
      for (const parameter of Object.keys(header)) {
        if (parameters.has(parameter))
          return false;
        parameters.add(parameter);
      }
  return true;
}
function assertNotSet(value, name) {
  if (value !== void 0)
    throw new TypeError(`${name} can only be called once`);
}
function decodeBase64url2(value, label, ErrorClass) {
  try {
    return decode(value);
  } catch (cause) {
    throw new ErrorClass(`Failed to base64url decode the ${label}`, { cause });
  }
}
function encodeAsciiMember(value, label, ErrorClass) {
  try {
    return encode(value);
  } catch (cause) {
    throw new ErrorClass(`The ${label} is not a valid base64url string`, { cause });
  }
}
function parseJoseHeader(encodedProtectedHeader, ErrorClass, message2) {
  let parsed2;
  try {
    parsed2 = JSON.parse(strictDecoder.decode(decode(encodedProtectedHeader)));
  } catch (cause) {
    throw new ErrorClass(message2, { cause });
  }
  if (!isObject(parsed2))
    throw new ErrorClass(message2);
  return parsed2;
}
var JWS_RECOGNIZED = { __proto__: null, b64: true };
function validateAlgorithms(option, algorithms) {
  if (algorithms !== void 0 && (!Array.isArray(algorithms) || algorithms.some((s) => typeof s != "string")))
    throw new TypeError(`"${option}" option must be an array of strings`);
  return algorithms === void 0 ? void 0 : new Set(algorithms);
}
function validateCritDuplicates(Err, protectedHeader) {
  const { crit } = protectedHeader ?? {};
  if (Array.isArray(crit) && new Set(crit).size !== crit.length)
    throw new Err('"crit" (Critical) Header Parameter MUST NOT contain duplicate values');
}
function validateCrit(Err, recognizedDefault, recognizedOption, protectedHeader, joseHeader) {
  if (joseHeader.crit !== void 0 && protectedHeader?.crit === void 0)
    throw new Err('"crit" (Critical) Header Parameter MUST be integrity protected');
  if (!protectedHeader || protectedHeader.crit === void 0)
    return [];
  if (!Array.isArray(protectedHeader.crit) || protectedHeader.crit.length === 0 || protectedHeader.crit.some((input) => typeof input != "string" || input.length === 0))
    throw new Err('"crit" (Critical) Header Parameter MUST be an array of non-empty strings when present');
  const recognized = recognizedOption === void 0 ? recognizedDefault : { __proto__: null, ...recognizedOption, ...recognizedDefault };
  for (const parameter of protectedHeader.crit) {
    if (!(parameter in recognized))
      throw new JOSENotSupported(`Extension Header Parameter "${parameter}" is not recognized`);
    if (!Object.hasOwn(joseHeader, parameter) || joseHeader[parameter] === void 0)
      throw new Err(`Extension Header Parameter "${parameter}" is missing`);
    if (recognized[parameter] && (!Object.hasOwn(protectedHeader, parameter) || protectedHeader[parameter] === void 0))
      throw new Err(`Extension Header Parameter "${parameter}" MUST be integrity protected`);
  }
  return protectedHeader.crit;
}
function validateB64(protectedHeader, extensions) {
  if (extensions.includes("b64")) {
    const b64 = protectedHeader.b64;
    if (typeof b64 != "boolean")
      throw new JWSInvalid('The "b64" (base64url-encode payload) Header Parameter must be a boolean');
    return b64;
  }
  return true;
}
function serializeJoseHeader(Err, header) {
  let serialized, parsed2;
  try {
    serialized = JSON.stringify(header), parsed2 = JSON.parse(serialized);
  } catch (cause) {
    throw new Err("JOSE Header is not valid JSON", { cause });
  }
  if (!isObject(parsed2))
    throw new Err("JOSE Header is not a JSON object");
  return [parsed2, serialized];
}

// node_modules/jose/dist/webapi/lib/key.js
var tag = (key) => key[Symbol.toStringTag];
var jwkMatchesOp = (entry, key, usage) => {
  const { alg } = entry;
  if (key.use !== void 0) {
    const expected = usage === "sign" || usage === "verify" ? "sig" : "enc";
    if (key.use !== expected)
      throw new TypeError(`Invalid key for this operation, its "use" must be "${expected}" when present`);
  }
  if (key.alg !== void 0 && key.alg !== alg)
    throw new TypeError(`Invalid key for this operation, its "alg" must be "${alg}" when present`);
  if (Array.isArray(key.key_ops)) {
    const expectedKeyOp = usage === "encrypt" || usage === "decrypt" ? entry.ops?.[usage === "encrypt" ? 0 : 1] : usage;
    if (expectedKeyOp && !key.key_ops.includes(expectedKeyOp))
      throw new TypeError(`Invalid key for this operation, its "key_ops" must include "${expectedKeyOp}" when present`);
  }
};
async function prepareKey(entry, key, usage) {
  const { alg, secret } = entry, requiresPrivateKey = usage === "decrypt" || usage === "sign";
  if (secret && key instanceof Uint8Array)
    return key;
  let normalized, keyObject;
  if (isObject(key)) {
    if (normalized = normalizeJwk(key), typeof normalized.kty != "string")
      throw invalidKeyType(alg, key, secret);
    if (!(secret ? normalized.kty === "oct" && typeof normalized.k == "string" : normalized.kty !== "oct" && (requiresPrivateKey ? normalized.kty === "AKP" && typeof normalized.priv == "string" || typeof normalized.d == "string" : normalized.d === void 0 && normalized.priv === void 0)))
      throw new TypeError(secret ? 'JSON Web Key for symmetric algorithms must have JWK "kty" (Key Type) equal to "oct" and the JWK "k" (Key Value) present' : `JSON Web Key for this operation must be a ${requiresPrivateKey ? "private" : "public"} JWK`);
    if (jwkMatchesOp(entry, normalized, usage), normalized.kty === "oct")
      return decode(normalized.k);
    if (!Object.isFrozen(key)) {
      const { key_ops } = key;
      Array.isArray(key_ops) && Object.freeze(key_ops), Object.freeze(key);
    }
  } else {
    if (!isKeyLike(key))
      throw invalidKeyType(alg, key, secret);
    const expectedType = secret ? "secret" : requiresPrivateKey ? "private" : "public";
    if (key.type !== expectedType && (secret || ["secret", "public", "private"].includes(key.type)))
      throw new TypeError(`${tag(key)} instances must be of type "${expectedType}" for the ${alg} algorithm`);
    if (isCryptoKey(key))
      return key;
    if (keyObject = key, keyObject.type === "secret")
      return keyObject.export();
  }
  cache ||= /* @__PURE__ */ new WeakMap();
  const cacheKey = key;
  let cached = cache.get(cacheKey);
  if (cached?.[alg])
    return cached[alg];
  if (cached || cache.set(cacheKey, cached = {}), keyObject && typeof keyObject.toCryptoKey == "function") {
    const isPublic = keyObject.type === "public", crv = nist[keyObject.asymmetricKeyDetails?.namedCurve], params = entry.resolve?.({ crv, asymmetricKeyType: keyObject.asymmetricKeyType }) ?? entry.subtle;
    return cached[alg] = keyObject.toCryptoKey(params, isPublic, entry.usages[isPublic ? 0 : 1]);
  }
  return normalized ??= keyObject.export({ format: "jwk" }), normalized.alg = alg, cached[alg] = await jwkToKey(entry, normalized);
}
var cache;
var nist = {
  __proto__: null,
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521"
};
var isCryptoKey = (key) => {
  if (key?.[Symbol.toStringTag] === "CryptoKey")
    return true;
  try {
    return key instanceof CryptoKey;
  } catch {
    return false;
  }
};
var isKeyObject = (key) => key?.[Symbol.toStringTag] === "KeyObject";
var isKeyLike = (key) => isCryptoKey(key) || isKeyObject(key);
function message(msg, actual, ...types) {
  if (types.length > 2) {
    const last = types.pop();
    msg += `one of type ${types.join(", ")}, or ${last}.`;
  } else types.length === 2 ? msg += `one of type ${types[0]} or ${types[1]}.` : msg += `of type ${types[0]}.`;
  return actual == null ? msg += ` Received ${actual}` : typeof actual == "function" && actual.name ? msg += ` Received function ${actual.name}` : typeof actual == "object" && actual != null && actual.constructor?.name && (msg += ` Received an instance of ${actual.constructor.name}`), msg;
}
function invalidKeyType(alg, actual, secret) {
  const types = ["CryptoKey", "KeyObject", "JSON Web Key"];
  return secret && types.push("Uint8Array"), new TypeError(message(`Key for the ${alg} algorithm must be `, actual, ...types));
}
var unusable = (name, prop = "algorithm.name") => new TypeError(`CryptoKey does not support this operation, its ${prop} must be ${name}`);
function checkUsage(key, usage) {
  if (usage && !key.usages.includes(usage))
    throw new TypeError(`CryptoKey does not support this operation, its usages must include ${usage}.`);
}
function checkModulusLength(alg, key) {
  const { modulusLength } = key.algorithm;
  if (typeof modulusLength != "number" || modulusLength < 2048)
    throw new TypeError(`${alg} requires key modulusLength to be 2048 bits or larger`);
}
function checkCryptoKey(key, expected, usage) {
  const algorithm = key.algorithm;
  if (algorithm.name !== expected.name)
    throw unusable(expected.name);
  if (expected.hash && algorithm.hash?.name !== expected.hash)
    throw unusable(expected.hash, "algorithm.hash");
  if (expected.namedCurve && algorithm.namedCurve !== expected.namedCurve)
    throw unusable(expected.namedCurve, "algorithm.namedCurve");
  if (expected.length !== void 0 && algorithm.length !== expected.length)
    throw unusable(expected.length, "algorithm.length");
  checkUsage(key, usage);
}
function snapshotJwk(jwk) {
  return { __proto__: null, ...jwk };
}
function normalizeJwk(jwk) {
  const normalized = snapshotJwk(jwk);
  if (normalized.ext !== void 0 && typeof normalized.ext != "boolean")
    throw new TypeError('"ext" (Extractable) Parameter must be a boolean');
  if (normalized.key_ops !== void 0) {
    const value = normalized.key_ops, keyOps = Array.isArray(value) ? [...value] : void 0;
    if (!keyOps || keyOps.some((operation) => typeof operation != "string") || new Set(keyOps).size !== keyOps.length)
      throw new TypeError('"key_ops" (Key Operations) Parameter must be an array of unique strings');
    normalized.key_ops = keyOps;
  }
  return normalized;
}
async function jwkToKey(entry, jwk, extractable) {
  if (!entry.kty.includes(jwk.kty))
    throw new JOSENotSupported('Invalid or unsupported JWK "alg" (Algorithm) Parameter value');
  const algorithm = entry.resolve?.({ kty: jwk.kty, crv: jwk.crv }) ?? entry.subtle, isPrivate = !!(jwk.d || jwk.priv), keyData = { ...jwk, ext: extractable ?? jwk.ext };
  return keyData.kty !== "AKP" && delete keyData.alg, delete keyData.use, crypto.subtle.importKey("jwk", keyData, algorithm, keyData.ext ?? !isPrivate, jwk.key_ops ?? entry.usages[isPrivate ? 1 : 0]);
}
async function rawKey(key, expected, usage, extractable = false) {
  return key instanceof Uint8Array && (key = await crypto.subtle.importKey("raw", key, expected, extractable, [usage])), checkCryptoKey(key, expected, usage), key;
}

// node_modules/jose/dist/webapi/lib/key_descriptor.js
function table(entries) {
  const out = { __proto__: null };
  for (const alg in entries)
    out[alg] = { ...entries[alg], alg };
  return out;
}

// node_modules/jose/dist/webapi/lib/jws_algorithms.js
var sig = [["verify"], ["sign"]];
function hmac(bits) {
  const subtle = { name: "HMAC", hash: `SHA-${bits}` };
  return { kty: ["oct"], secret: true, subtle, signing: subtle, usages: sig };
}
function rsa(bits, saltLength) {
  const subtle = { name: saltLength ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` };
  return {
    kty: ["RSA"],
    subtle,
    signing: saltLength ? { ...subtle, saltLength } : subtle,
    usages: sig,
    minRsaBits: 2048
  };
}
function ecdsa(crv, bits) {
  return {
    kty: ["EC"],
    crv,
    subtle: { name: "ECDSA", namedCurve: crv },
    signing: { name: "ECDSA", hash: `SHA-${bits}` },
    usages: sig
  };
}
function eddsa() {
  const subtle = { name: "Ed25519" };
  return {
    kty: ["OKP"],
    crv: "Ed25519",
    subtle,
    signing: subtle,
    usages: sig
  };
}
function mldsa(parameterSet) {
  const subtle = { name: `ML-DSA-${parameterSet}` };
  return {
    kty: ["AKP"],
    subtle,
    signing: subtle,
    usages: sig
  };
}
var JWS = table({
  HS256: hmac(256),
  HS384: hmac(384),
  HS512: hmac(512),
  RS256: rsa(256),
  RS384: rsa(384),
  RS512: rsa(512),
  PS256: rsa(256, 32),
  PS384: rsa(384, 48),
  PS512: rsa(512, 64),
  ES256: ecdsa("P-256", 256),
  ES384: ecdsa("P-384", 384),
  ES512: ecdsa("P-521", 512),
  EdDSA: eddsa(),
  Ed25519: eddsa(),
  "ML-DSA-44": mldsa(44),
  "ML-DSA-65": mldsa(65),
  "ML-DSA-87": mldsa(87)
});
function jwsAlgorithm(alg) {
  const entry = typeof alg == "string" ? JWS[alg] : void 0;
  if (!entry)
    throw new JOSENotSupported(`alg ${alg} is not supported either by JOSE or your javascript runtime`);
  return entry;
}

// node_modules/jose/dist/webapi/lib/jws_verify.js
function prepareVerify(options) {
  return [options && validateAlgorithms("algorithms", options.algorithms), options?.crit];
}
function parseProtectedHeader(encodedProtectedHeader) {
  return encodedProtectedHeader === void 0 ? {} : parseJoseHeader(encodedProtectedHeader, JWSInvalid, "JWS Protected Header is invalid");
}
function encodeCompactUnencodedPayload(payload) {
  try {
    return encode(payload);
  } catch (cause) {
    throw new JWSInvalid("JWS Compact Serialization payload must use only ASCII characters", {
      cause
    });
  }
}
async function verifySignature(jws, shared, key, encodeUnencodedPayload, parsedProtected) {
  const { protected: encodedProtectedHeader, header, payload: inputPayload } = jws, protectedHeader = parsedProtected ?? parseProtectedHeader(encodedProtectedHeader);
  if (!isDisjoint(protectedHeader, header))
    throw new JWSInvalid("JWS Protected and JWS Unprotected Header Parameter names must be disjoint");
  const joseHeader = { ...protectedHeader, ...header }, b64 = validateB64(protectedHeader, validateCrit(JWSInvalid, JWS_RECOGNIZED, shared[1], protectedHeader, joseHeader)), { alg } = joseHeader;
  if (typeof alg != "string" || !alg)
    throw new JWSInvalid('JWS "alg" (Algorithm) Header Parameter missing or invalid');
  if (shared[0] && !shared[0].has(alg))
    throw new JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed');
  if (b64) {
    if (typeof inputPayload != "string")
      throw new JWSInvalid("JWS Payload must be a string");
  } else if (typeof inputPayload != "string" && !(inputPayload instanceof Uint8Array))
    throw new JWSInvalid("JWS Payload must be a string or an Uint8Array instance");
  const signingPayload = b64 || typeof inputPayload != "string" ? inputPayload : encodeUnencodedPayload(inputPayload);
  let resolvedKey = false;
  typeof key == "function" && (key = await key(protectedHeader, jws), resolvedKey = true);
  const entry = jwsAlgorithm(alg), signingInput = concat(encodedProtectedHeader !== void 0 ? encode(encodedProtectedHeader) : new Uint8Array(), encode("."), typeof signingPayload == "string" ? shared[2] ??= encodeAsciiMember(signingPayload, "payload", JWSInvalid) : signingPayload), signature = decodeBase64url2(jws.signature, "signature", JWSInvalid), verificationKey = await prepareKey(entry, key, "verify"), cryptoKey = await rawKey(verificationKey, entry.subtle, "verify");
  entry.minRsaBits && checkModulusLength(entry.alg, cryptoKey);
  let verified = false;
  try {
    verified = await crypto.subtle.verify(entry.signing, cryptoKey, signature, signingInput);
  } catch (cause) {
    throw new JWSSignatureVerificationFailed(void 0, { cause });
  }
  if (!verified)
    throw new JWSSignatureVerificationFailed();
  const result = { payload: typeof signingPayload == "string" ? decodeBase64url2(signingPayload, "payload", JWSInvalid) : signingPayload };
  return encodedProtectedHeader !== void 0 && (result.protectedHeader = protectedHeader), header !== void 0 && (result.unprotectedHeader = header), resolvedKey ? [{ ...result, key: verificationKey }, b64] : [result, b64];
}
async function verifyCompact(jws, shared, key) {
  if (jws instanceof Uint8Array && (jws = decoder.decode(jws)), typeof jws != "string")
    throw new JWSInvalid("Compact JWS must be a string or Uint8Array");
  const { 0: protectedHeader, 1: payload, 2: signature, length } = jws.split(".");
  if (length !== 3)
    throw new JWSInvalid("Invalid Compact JWS");
  return verifySignature({ payload, protected: protectedHeader, signature }, shared, key, encodeCompactUnencodedPayload);
}

// node_modules/jose/dist/webapi/jws/compact/verify.js
async function compactVerify(jws, key, options) {
  const [result] = await verifyCompact(jws, prepareVerify(options), key);
  return result;
}

// node_modules/jose/dist/webapi/lib/jws_sign.js
async function createSignature(input, key, rejectUnencoded) {
  let [payload, protectedHeader, unprotectedHeader, crit] = input, encodedProtectedHeader = "";
  if (protectedHeader !== void 0) {
    const normalized = serializeJoseHeader(JWSInvalid, protectedHeader);
    protectedHeader = normalized[0], encodedProtectedHeader = encode2(normalized[1]);
  }
  if (unprotectedHeader !== void 0 && (unprotectedHeader = serializeJoseHeader(JWSInvalid, unprotectedHeader)[0]), !protectedHeader && !unprotectedHeader)
    throw new JWSInvalid("either setProtectedHeader or setUnprotectedHeader must be called before #sign()");
  if (!isDisjoint(protectedHeader, unprotectedHeader))
    throw new JWSInvalid("JWS Protected and JWS Unprotected Header Parameter names must be disjoint");
  const joseHeader = { ...protectedHeader, ...unprotectedHeader };
  validateCritDuplicates(JWSInvalid, protectedHeader);
  const b64 = validateB64(protectedHeader, validateCrit(JWSInvalid, JWS_RECOGNIZED, crit, protectedHeader, joseHeader));
  b64 || rejectUnencoded?.();
  const { alg } = joseHeader;
  if (typeof alg != "string" || !alg)
    throw new JWSInvalid('JWS "alg" (Algorithm) Header Parameter missing or invalid');
  const entry = jwsAlgorithm(alg);
  let encodedPayload = "", signingPayload = payload, signingInput;
  if (b64) {
    const encodedPayloadCache = input[4];
    encodedPayloadCache ? (encodedPayload = encodedPayloadCache[0] ??= encode2(payload), signingPayload = encodedPayloadCache[1] ??= encode(encodedPayload)) : (encodedPayload = encode2(payload), signingInput = encoder.encode(`${encodedProtectedHeader}.${encodedPayload}`));
  }
  signingInput ??= concat(encode(encodedProtectedHeader), encode("."), signingPayload);
  const signingKey2 = await rawKey(await prepareKey(entry, key, "sign"), entry.subtle, "sign");
  entry.minRsaBits && checkModulusLength(entry.alg, signingKey2);
  const jws = {
    signature: encode2(new Uint8Array(await crypto.subtle.sign(entry.signing, signingKey2, signingInput))),
    payload: encodedPayload
  };
  return protectedHeader && (jws.protected = encodedProtectedHeader), unprotectedHeader && (jws.header = unprotectedHeader), [jws, b64];
}
async function createCompactSignature(payload, protectedHeader, crit, key, rejectUnencoded) {
  const [jws] = await createSignature([payload, protectedHeader, void 0, crit], key, rejectUnencoded);
  return `${jws.protected}.${jws.payload}.${jws.signature}`;
}

// node_modules/jose/dist/webapi/jws/compact/sign.js
var CompactSign = class {
  #payload;
  #protectedHeader;
  constructor(payload) {
    assertUint8Array(payload, "payload"), this.#payload = payload;
  }
  setProtectedHeader(protectedHeader) {
    return assertNotSet(this.#protectedHeader, "setProtectedHeader"), this.#protectedHeader = protectedHeader, this;
  }
  async sign(key, options) {
    return createCompactSignature(this.#payload, this.#protectedHeader, options?.crit, key, () => {
      throw new TypeError("use the flattened module for creating JWS with b64: false");
    });
  }
};

// node_modules/jose/dist/webapi/util/decode_protected_header.js
function decodeProtectedHeader(token) {
  let encodedProtectedHeader;
  if (typeof token == "string") {
    const parts = token.split(".");
    (parts.length === 3 || parts.length === 5) && ([encodedProtectedHeader] = parts);
  } else if (typeof token == "object" && token)
    if ("protected" in token)
      encodedProtectedHeader = token.protected;
    else
      throw new TypeError("Token does not contain a Protected Header");
  const invalid2 = "Invalid Token or Protected Header formatting";
  if (typeof encodedProtectedHeader != "string" || !encodedProtectedHeader)
    throw new TypeError(invalid2);
  return parseJoseHeader(encodedProtectedHeader, TypeError, invalid2);
}

// src/control/keys.ts
function createSigningKey() {
  return signingKey(generateKeyPairSync("ed25519").privateKey);
}
function importKey(pkcs8) {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8, "base64"), format: "der", type: "pkcs8" });
  if (privateKey.asymmetricKeyType !== "ed25519") throw new TypeError("the key is of another kind than Ed25519");
  return signingKey(privateKey);
}
function exportKey(key) {
  return key.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
}
function signingKey(privateKey) {
  const publicKey = createPublicKey(privateKey);
  const publicJwk = Ed25519Jwk.parse(publicKey.export({ format: "jwk" }));
  return { privateKey, publicJwk, thumbprint: ed25519Thumbprint(publicJwk) };
}
function signSelfContained(key, typ, payload) {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader({ alg: "EdDSA", typ, jwk: key.publicJwk }).sign(key.privateKey);
}
async function verifySelfContained(jws, typ) {
  try {
    if (!jws.split(".").every((part) => decodeBase64url(part) !== null)) return null;
    const header = strictObject({ alg: literal("EdDSA"), typ: literal(typ), jwk: Ed25519Jwk }).parse(decodeProtectedHeader(jws));
    const key = createPublicKey({ key: header.jwk, format: "jwk" });
    const { payload } = await compactVerify(jws, key, { algorithms: ["EdDSA"] });
    const text = new TextDecoder("utf-8", { fatal: true }).decode(payload);
    return { payload: JSON.parse(text), thumbprint: ed25519Thumbprint(header.jwk) };
  } catch {
    return null;
  }
}

// src/core/policy/glob-text.ts
var GLOB_CHARACTERS_MAX = 1024;
var GLOBS_PER_LIST_MAX = 1e3;
function parseGlob(text, shape) {
  if (text.length > GLOB_CHARACTERS_MAX) return fault(`is longer than ${GLOB_CHARACTERS_MAX} characters`);
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return fault("contains control characters");
  const negative = text.startsWith("!");
  const body = negative ? text.slice(1) : text;
  if (body === "") return fault("is empty");
  if (body !== body.trim()) return fault("begins or ends with a space, so it can never match");
  const parts = shape === "whole" ? wholePart(body) : dottedParts(body, shape);
  return parts.ok ? { ok: true, negative, parts: parts.parts } : parts;
}
function globList(texts, shape) {
  const globs = texts.map((text) => parseGlob(text, shape));
  return {
    include: globs.flatMap((glob) => glob.ok && !glob.negative ? [glob.parts] : []),
    exclude: globs.flatMap((glob) => glob.ok && glob.negative ? [glob.parts] : [])
  };
}
var PART_NAMES = {
  relation: ["schema", "relation"],
  function: ["schema", "function"],
  column: ["schema", "relation", "column"]
};
function wholePart(body) {
  return checkParts([body]);
}
function dottedParts(body, shape) {
  const names = PART_NAMES[shape];
  if (body === "*") return { ok: true, parts: names.map(() => "*") };
  const split = splitAtDots(body);
  if (!split.ok) return split;
  if (split.parts.length !== names.length) {
    return fault(`has ${split.parts.length} ${split.parts.length === 1 ? "part" : "parts"}, expected ${names.length}: ${names.join(".")}`);
  }
  const empty = split.parts.indexOf("");
  if (empty >= 0) return fault(`has an empty ${names[empty] ?? "part"}`);
  return checkParts(split.parts);
}
function splitAtDots(body) {
  const parts = [""];
  const add = (text) => parts.push((parts.pop() ?? "") + text);
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const character = body.charAt(at);
    if (character === '"') {
      const end = closingQuote(body, at);
      if (end < 0) return fault("has a double quote that is not closed");
      if (end === at + 1) return fault("has empty double quotes");
      add(escapeLiteral(body.slice(at + 1, end).replaceAll('""', '"')));
      at = end;
    } else if (character === "\\") {
      add(body.slice(at, at + 2));
      at += 1;
    } else if (character === "[" && body.indexOf("]", at + 2) > 0) {
      const end = body.indexOf("]", at + 2);
      add(body.slice(at, end + 1));
      at = end;
    } else if (character === "." && depth === 0) {
      parts.push("");
    } else {
      if (/[A-Z]/.test(character)) {
        return fault(
          "has an upper-case letter outside double quotes, which PostgreSQL reads as lower case: quote the name, or write it in lower case"
        );
      }
      depth += character === "{" ? 1 : character === "}" ? -1 : 0;
      add(character);
    }
  }
  return { ok: true, parts };
}
function closingQuote(body, open) {
  for (let at = open + 1; at < body.length; at += 1) {
    if (body.charAt(at) !== '"') continue;
    if (body.charAt(at + 1) !== '"') return at;
    at += 1;
  }
  return -1;
}
function escapeLiteral(text) {
  return text.replace(/[!-,.:-@[-^`{-~]/g, "\\$&");
}
function checkParts(parts) {
  for (const part of parts) {
    const message2 = partFault(part);
    if (message2 !== null) return fault(message2);
  }
  return { ok: true, parts };
}
function partFault(part) {
  const bare = part.replace(/\\[\s\S]/g, "").replace(/\[.[^\]]*\]/g, "");
  if (bare.includes("\\")) return "ends with a backslash that escapes nothing";
  if (bare.includes("[")) return "has a [ that is not closed";
  if (count(bare, "{") !== count(bare, "}")) return "has braces that do not pair";
  if (braceExpand(part, { braceExpandMax: GLOB_ALTERNATIVES_MAX + 1 }).length > GLOB_ALTERNATIVES_MAX) {
    return `has more than ${GLOB_ALTERNATIVES_MAX} alternatives`;
  }
  return [...part.matchAll(/\[[!^]?([^\]]+)\]/g)].some(([, body]) => hasBackwardsRange(body ?? "")) ? "has a range that runs backwards, so it can never match" : null;
}
function hasBackwardsRange(classBody) {
  return [...classBody.matchAll(/([^-])-([^-])/gu)].some(([, from = "", to = ""]) => (from.codePointAt(0) ?? 0) > (to.codePointAt(0) ?? 0));
}
function count(text, character) {
  return text.split(character).length - 1;
}
function fault(message2) {
  return { ok: false, message: message2 };
}

// src/core/policy/agent-glob.ts
var PATH_CHARACTERS_MAX = 4096;
function agentPathTest(glob) {
  const matcher = new Minimatch(glob, {
    dot: true,
    nonegate: true,
    nocomment: true,
    noext: true,
    platform: "linux",
    preserveMultipleSlashes: true,
    braceExpandMax: GLOB_ALTERNATIVES_MAX
  });
  return (path) => path.length <= PATH_CHARACTERS_MAX && matcher.match(path);
}
function agentGlobFault(text) {
  if (text.startsWith("!")) return "takes something away, and what is named here only narrows: name what is meant";
  const parsed2 = parseGlob(text, "whole");
  if (!parsed2.ok) return parsed2.message;
  return /^(?:\/|\*\*\/|\{)/.test(text) ? null : "can never match: paths of programs are absolute, expected / or **/ in front";
}

// src/core/policy/schema-agents.ts
var AGENT_RULES_MAX = 100;
var AgentNumber = int().min(0).max(AGENT_RULES_MAX - 1);
var GLOBS_MAX = 100;
var ProgramGlob = string().min(1).superRefine((text, context) => {
  const message2 = agentGlobFault(text);
  if (message2 !== null) context.addIssue({ code: "custom", message: message2 });
});
var AgentSchema = strictObject({
  match: union([ProgramGlob, array(ProgramGlob).min(1).max(GLOBS_MAX)]).describe("Globs over paths of programs and scripts."),
  duty: string().describe("What they are held to, besides what holds already."),
  workspace: _enum(["write", "read"]).optional().describe("What they may do to the workspace. Absent: write."),
  sticky: _enum(["cage", "job"]).optional().describe("For how long it holds once one was seen: to the end of the cage, or of the job. Absent: cage.")
}).describe("Programs that are held to a duty, with whatever shares their cage.");
var AgentsSchema = array(AgentSchema).min(1).max(AGENT_RULES_MAX);

// src/control/messages.ts
var CONTROL_BODY_BYTES_MAX = 1024 * 1024;
var Hello = strictObject({
  version: literal(1),
  /** `[A-Za-z0-9._-]{1,64}`; embedded: the evidence key's thumbprint (R2). */
  gateway: string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  nonce: string().min(16).max(128),
  evidenceKey: string().regex(/^[A-Za-z0-9_-]{43}$/)
});
var OpenRequest = strictObject({
  /** A JWT for audience `duty-gate:session:v1:<gateway>:<hash>` (R2); issuer `local`: signed by the client's own key. */
  token: string().max(65536),
  duty: string().max(256).nullable()
});
var TargetListeners = strictObject({
  target: string(),
  names: array(string()),
  listen: array(strictObject({ address: string(), port: int().min(1).max(65535) }))
});
var CheckpointText = string().regex(/^dgc1[A-Za-z0-9._-]{1,400}$/).nullable();
var OpenAnswer = strictObject({
  session: string(),
  token: string(),
  duty: string(),
  targets: array(TargetListeners),
  /** Addresses at which names are resolved inside, UDP and TCP port 53. */
  resolvers: array(string()),
  /** The session's own certificate authority, PEM: trusted inside, and nowhere else. */
  ca: string(),
  /** Absolute folder of this session's evidence. */
  evidence: string(),
  /** Absolute paths the command must not see: folders are covered, files emptied. */
  hide: array(string()),
  /** Absolute paths of folders that a job's command writes for good, if they are there. */
  persist: array(string()),
  /** Where a command may ask for identity tokens, with a query already; null: nowhere. */
  identityUrl: string().nullable(),
  /** Names of variables that the command gets, and may leave for later steps, as the policy says. */
  passEnv: array(string()),
  /** Programs that are to be started in cages of their own, by the policy's order (core/policy/policy.ts, AgentRule). */
  agents: array(strictObject({ match: array(string()), duty: string(), workspace: _enum(["write", "read"]) })),
  /** What is kept of the session (core/audit/entry.ts, Keeps). */
  keeps: strictObject({ recordings: _enum(["full", "encrypted", "none"]), responses: _enum(["full", "encrypted", "digest", "none"]) }),
  checkpoint: CheckpointText
});
var AGENT_LAUNCHERS_MAX = 200;
var LinkRequest = strictObject({ argv: array(string().max(131072)).min(1).max(4096) });
var LinkAnswer = strictObject({ link: string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
var PATH = string().startsWith("/").max(PATH_CHARACTERS_MAX);
var AgentLauncher = strictObject({
  /** Which of the policy's agents. */
  rule: AgentNumber,
  duty: string(),
  /** Of the agent's program, real; and as it was found. */
  path: PATH,
  name: PATH
});
var CageRequest = strictObject({
  pid: int().positive(),
  /** The cage's first process, for whoever starts a command in it. */
  init: int().positive(),
  entrance: _enum(["sudo", "user-namespace"]),
  /** Inode of the cage's network namespace: root's processes do not show theirs. */
  network: string().regex(/^\d{1,20}$/),
  /** What later steps run is in it; null: there is none. */
  workspace: PATH.nullable(),
  launchers: array(AgentLauncher).max(AGENT_LAUNCHERS_MAX)
});
var ClaimRequest = strictObject({
  /** SHA-256 of what it is to see and write, base64url: those of one plan can share a cage. */
  plan: string().regex(/^[A-Za-z0-9_-]{43}$/)
});
var ClaimAnswer = discriminatedUnion("kind", [
  strictObject({ kind: literal("make"), cage: string() }),
  strictObject({ kind: literal("enter"), cage: string(), ...CageRequest.pick({ init: true, entrance: true, network: true }).shape })
]);
var Nothing = strictObject({});
var ESCAPES_MAX = 256;
var ConfinementRequest = strictObject({
  escapes: array(strictObject({ name: string().regex(/^[a-z0-9-]{1,64}$/), verdict: _enum(["held", "open", "absent", "late"]) })).max(ESCAPES_MAX)
});
var EndRequest = strictObject({
  exitCode: int().min(0).max(255).nullable(),
  signal: string().max(16).nullable()
});
var Counts = strictObject({ allowed: int(), refused: int(), masked: int() });
var EndAnswer = strictObject({ ...Counts.shape, checkpoint: CheckpointText });
var CloseAnswer = strictObject({ evidence: string(), ...EndAnswer.shape });
var ControlFault = strictObject({
  error: strictObject({ code: string(), message: string() })
});

// src/control/saved-session.ts
var SavedFile = strictObject({
  version: literal(1),
  socketPath: string().startsWith("/"),
  gateway: string(),
  /** The session's key, PKCS #8. */
  key: string(),
  answer: OpenAnswer
});
var FILE_NAME = "session.json";
var FILE_BYTES_MAX = 4 * 1024 * 1024;
var SavedSessionError = class extends Error {
  code;
  constructor(code, state, expected, options) {
    super(`Cannot go on with the session: ${state}, expected ${expected}`, options);
    this.name = "SavedSessionError";
    this.code = code;
  }
};
function savedFile({ socketPath, gateway, key, answer }) {
  return { version: 1, socketPath, gateway, key: exportKey(key), answer };
}
function sessionOf({ key, version: _, ...saved }) {
  return { ...saved, key: importKey(key) };
}
function writeSavedSession(folder, saved) {
  writeFileSync(join(folder, FILE_NAME), JSON.stringify(savedFile(saved)), { mode: 384, flag: "wx" });
}
function readSavedSession(folder) {
  const text = readPrivate(join(folder, FILE_NAME));
  try {
    return sessionOf(SavedFile.parse(JSON.parse(text)));
  } catch {
    throw new SavedSessionError("malformed", "its file is not understood", "the one that this version wrote");
  }
}
function readPrivate(path) {
  let file;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new SavedSessionError("missing", `${path} cannot be opened`, "a session of this job that is open", { cause });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.uid !== process.getuid?.() || (stat.mode & 63) !== 0 || stat.size > FILE_BYTES_MAX) {
      throw new SavedSessionError("not-private", `${path} is not a file that only this user can read`, "0600 of ours");
    }
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

// src/control/fault.ts
var FAULT_STATUS = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  failed: 500
};
var ControlError = class extends Error {
  code;
  constructor(code, message2, options) {
    super(message2, options);
    this.name = "ControlError";
    this.code = code;
  }
};
function isFaultCode(code) {
  return Object.hasOwn(FAULT_STATUS, code);
}

// src/control/exchange.ts
import { Agent, request as startRequest } from "node:http";

// src/control/body.ts
async function readJson(message2, schema, bytesMax, msMax) {
  if (message2.headers["content-type"] !== "application/json") throw malformed("its content type is another", "application/json");
  return parseJson(await readBytes(message2, bytesMax, msMax), schema);
}
function parseJson(bytes, schema) {
  const parsed2 = schema.safeParse(jsonOf(bytes));
  if (parsed2.success) return parsed2.data;
  const where = parsed2.error.issues.slice(0, 5).map((issue) => `${issue.path.map(String).join(".") || "the whole"} (${issue.code})`);
  throw malformed(`it is wrong at ${where.join(", ")}`, "the message's own shape");
}
function readBytes(message2, bytesMax, msMax) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let bytes = 0;
    const fail = (error) => {
      stop();
      reject(error);
    };
    const timer = setTimeout(() => fail(malformed(`its body took longer than ${msMax} ms`, "all of it")), msMax);
    const onData = (chunk) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bytesMax) fail(malformed("its body is too large", `at most ${bytesMax} bytes`));
    };
    const onEnd = () => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onBroken = () => fail(malformed("it was cut off", "all of it"));
    const stop = () => {
      clearTimeout(timer);
      message2.off("data", onData).off("end", onEnd).off("close", onBroken);
    };
    message2.on("data", onData).on("end", onEnd).on("close", onBroken).on("error", onBroken);
  });
}
function jsonOf(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw malformed("it is no JSON", "one JSON object in UTF-8");
  }
}
function malformed(state, expected) {
  return new ControlError("malformed", `Cannot read the message: ${state}, expected ${expected}`);
}

// src/control/dpop.ts
import { createHash } from "node:crypto";
var PROOF_CHARACTERS_MAX = 4096;
var PROOF_AGE_SECONDS_MAX = 60;
var Claims = strictObject({
  htm: string(),
  htu: string(),
  iat: int(),
  jti: string().min(16).max(128),
  ath: string().optional()
});
function targetUri(gateway, path) {
  return `https://${gateway}${path}`;
}
function makeProof(key, target, nowMs, jti) {
  const claims = { htm: target.method, htu: target.uri, iat: Math.floor(nowMs / 1e3), jti };
  return signSelfContained(key, "dpop+jwt", target.token === null ? claims : { ...claims, ath: tokenHash(target.token) });
}
async function verifyProof(proof, target, nowMs) {
  if (proof.length > PROOF_CHARACTERS_MAX) return null;
  const verified = await verifySelfContained(proof, "dpop+jwt");
  const claims = Claims.safeParse(verified?.payload);
  if (verified === null || !claims.success) return null;
  const { htm, htu, iat, jti, ath } = claims.data;
  const expectedHash = target.token === null ? void 0 : tokenHash(target.token);
  const timely = Math.abs(Math.floor(nowMs / 1e3) - iat) <= PROOF_AGE_SECONDS_MAX;
  if (htm !== target.method || htu !== target.uri || ath !== expectedHash || !timely) return null;
  return { thumbprint: verified.thumbprint, jti };
}
function tokenHash(token) {
  return createHash("sha256").update(token, "ascii").digest("base64url");
}
var REMEMBERED_PROOFS_MAX = 2e4;
var ReplayCache = class {
  #seenUntilMs = /* @__PURE__ */ new Map();
  /** @returns false when the proof was used before, or when no more can be remembered. */
  use(proof, nowMs) {
    this.#forget(nowMs);
    const id = `${proof.thumbprint} ${proof.jti}`;
    if (this.#seenUntilMs.has(id) || this.#seenUntilMs.size >= REMEMBERED_PROOFS_MAX) return false;
    this.#seenUntilMs.set(id, nowMs + 2 * (PROOF_AGE_SECONDS_MAX + 1) * 1e3);
    return true;
  }
  /** A Map keeps the order of insertion, and all live equally long: the oldest are first. */
  #forget(nowMs) {
    for (const [id, untilMs] of this.#seenUntilMs) {
      if (untilMs > nowMs) return;
      this.#seenUntilMs.delete(id);
    }
  }
};

// src/control/exchange.ts
var ANSWER_MS_MAX = 12e4;
async function exchange(peer, what, body, schema) {
  const headers = body === null ? {} : { "content-type": "application/json" };
  const request = await start(peer, { ...what, headers });
  const answered = answerOf(request);
  request.end(body === null ? void 0 : JSON.stringify(body));
  return readAnswer(await answered, schema);
}
async function start(peer, { method, path, headers = {} }) {
  return startRequest({
    socketPath: peer.socketPath,
    path,
    method,
    headers: { host: "gateway", ...headers, ...await credentials(peer, method, path) },
    // One connection a request, and never one that an environment variable would have go elsewhere.
    agent: new Agent({ keepAlive: false })
  });
}
async function credentials(peer, method, path) {
  if (peer.gateway === null) return {};
  const target = { method, uri: targetUri(peer.gateway, path), token: peer.token };
  const dpop = await makeProof(peer.key, target, peer.nowMs(), peer.newId());
  return peer.token === null ? { dpop } : { dpop, authorization: `DPoP ${peer.token}` };
}
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", (cause) => reject(unreachable(cause)));
  });
}
async function readAnswer(answer, schema) {
  const bytes = await readBytes(answer, CONTROL_BODY_BYTES_MAX, ANSWER_MS_MAX).catch((cause) => {
    throw unreachable(cause);
  });
  if (answer.statusCode === 200) return parsed(bytes, schema);
  const { error } = parsed(bytes, ControlFault);
  throw new ControlError(isFaultCode(error.code) ? error.code : "protocol", error.message);
}
function parsed(bytes, schema) {
  try {
    return parseJson(bytes, schema);
  } catch (cause) {
    throw new ControlError("protocol", "Cannot understand the gateway: its answer has another shape, expected the control protocol", {
      cause
    });
  }
}
function unreachable(cause) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
  return new ControlError("unreachable", `Cannot reach the gateway: ${code}, expected it to answer on its socket`, { cause });
}

// src/control/lifeline.ts
function lifelineOf(response) {
  const { socket } = response;
  response.writeHead(200, { "content-type": "application/octet-stream", connection: "close" });
  response.flushHeaders();
  return {
    end: () => void response.end(),
    destroy: () => void socket?.destroy(),
    closed: new Promise((resolve) => {
      if (socket === null || socket.destroyed) return resolve();
      socket.once("close", () => resolve());
    })
  };
}
async function openLifeline(peer, path) {
  const request = await start(peer, { method: "POST", path, headers: { "content-type": "application/json" } });
  const answered = answerOf(request);
  request.end("{}");
  const answer = await answered;
  if (answer.statusCode !== 200) await readAnswer(answer, never());
  answer.on("error", () => void 0);
  return answer.socket;
}

export {
  FAULT_STATUS,
  ControlError,
  isFaultCode,
  readJson,
  compactVerify,
  createSigningKey,
  signSelfContained,
  verifySelfContained,
  targetUri,
  verifyProof,
  tokenHash,
  ReplayCache,
  GLOB_CHARACTERS_MAX,
  GLOBS_PER_LIST_MAX,
  parseGlob,
  globList,
  PATH_CHARACTERS_MAX,
  agentPathTest,
  AgentNumber,
  AgentSchema,
  AgentsSchema,
  CONTROL_BODY_BYTES_MAX,
  Hello,
  OpenRequest,
  OpenAnswer,
  AGENT_LAUNCHERS_MAX,
  LinkRequest,
  LinkAnswer,
  CageRequest,
  ClaimRequest,
  ClaimAnswer,
  Nothing,
  ConfinementRequest,
  EndRequest,
  EndAnswer,
  CloseAnswer,
  exchange,
  start,
  answerOf,
  readAnswer,
  lifelineOf,
  openLifeline,
  SavedFile,
  SavedSessionError,
  savedFile,
  sessionOf,
  writeSavedSession,
  readSavedSession
};
