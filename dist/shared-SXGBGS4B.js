import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  canonicalJson,
  sha256Base64url
} from "./shared-3DBFPAHH.js";

// src/core/identity/audience.ts
var GATEWAY_NAME = /^[A-Za-z0-9._-]{1,64}$/;
function sessionAudience({ gateway, nonce, clientKey, evidenceKey }) {
  if (!GATEWAY_NAME.test(gateway))
    throw new RangeError("Cannot build the audience: the gateway is misnamed, expected [A-Za-z0-9._-]{1,64}");
  return `duty-gate:session:v1:${gateway}:${sha256Base64url(canonicalJson({ clientKey, evidenceKey, gateway, nonce, v: 1 }))}`;
}

export {
  sessionAudience
};
