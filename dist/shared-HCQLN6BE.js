import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  signSelfContained,
  verifySelfContained
} from "./shared-6EOHPRKU.js";
import {
  int,
  literal,
  strictObject,
  string
} from "./shared-2T7SPHVJ.js";

// src/control/local-user.ts
import { userInfo } from "node:os";
function localUserName() {
  try {
    return userInfo().username;
  } catch {
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}

// src/control/local-token.ts
import { randomUUID } from "node:crypto";
var LOCAL_TOKEN_SECONDS_MAX = 300;
var SKEW_SECONDS_MAX = 60;
var LocalClaims = strictObject({
  iss: literal("local"),
  sub: string().min(1).max(256),
  aud: string().max(256),
  iat: int(),
  exp: int(),
  jti: string().min(16).max(128)
});
function mintLocally(audience, key) {
  return mintLocalToken(key, { user: localUserName(), audience }, Date.now(), randomUUID());
}
function mintLocalToken(key, identity, nowMs, jti) {
  const iat = Math.floor(nowMs / 1e3);
  const claims = { iss: "local", sub: identity.user, aud: identity.audience, iat, exp: iat + LOCAL_TOKEN_SECONDS_MAX, jti };
  return signSelfContained(key, "JWT", claims);
}
async function verifyLocalToken(token, nowMs) {
  const verified = await verifySelfContained(token, "JWT");
  const claims = LocalClaims.safeParse(verified?.payload);
  if (verified === null || !claims.success) return null;
  const now = Math.floor(nowMs / 1e3);
  const { iat, exp } = claims.data;
  const timely = iat <= now + SKEW_SECONDS_MAX && exp > now && exp - iat <= LOCAL_TOKEN_SECONDS_MAX;
  return timely ? { claims: claims.data, thumbprint: verified.thumbprint } : null;
}

export {
  localUserName,
  mintLocally,
  verifyLocalToken
};
