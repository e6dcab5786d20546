import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  canonicalJson,
  sha256Base64url
} from "./shared-ICF2F4II.js";

// src/core/identity/audience.ts
var GATEWAY_NAME = /^[A-Za-z0-9._-]{1,64}$/;
function sessionAudience({ gateway, nonce, clientKey, evidenceKey }) {
  return `duty-gate:session:v1:${named(gateway)}:${sha256Base64url(canonicalJson({ clientKey, evidenceKey, gateway, nonce, v: 1 }))}`;
}
function approvalAudience({ gateway, ...approved }) {
  return `duty-gate:approve:v1:${named(gateway)}:${sha256Base64url(canonicalJson({ ...approved, gateway, v: 1 }))}`;
}
function named(gateway) {
  if (GATEWAY_NAME.test(gateway)) return gateway;
  throw new RangeError("Cannot build the audience: the gateway is misnamed, expected [A-Za-z0-9._-]{1,64}");
}

export {
  sessionAudience,
  approvalAudience
};
