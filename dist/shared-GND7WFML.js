import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// src/adapters/github/bounded-fetch.ts
async function boundedFetch(url, init, { bytesMax, msMax }) {
  const signals = [AbortSignal.timeout(msMax), ...init.signal instanceof AbortSignal ? [init.signal] : []];
  const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.any(signals) });
  const body = await readAtMost(response, bytesMax + 1);
  return new Response(BODILESS.has(response.status) ? null : body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers
  });
}
var BODILESS = /* @__PURE__ */ new Set([101, 103, 204, 205, 304]);
async function readAtMost(response, bytesMax) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= bytesMax) break;
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, bytesMax));
}

export {
  boundedFetch
};
