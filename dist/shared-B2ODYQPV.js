import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  readKeysFile
} from "./shared-ZAPNIUO6.js";
import {
  LOG_CHECKPOINTS_MAX,
  LogScan,
  pinnedKeys
} from "./shared-4ZZSA6HO.js";
import {
  AgeKeyError,
  createDecrypt,
  identitiesIn
} from "./shared-HW2JNPR6.js";

// src/cli/outside.ts
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
var OUTSIDE_OPTIONS = { keys: { type: "string" }, log: { type: "string" }, identity: { type: "string" } };
var OUTSIDE_HELP = `  --keys FILE      more keys of issuers, from where you trust:
                   {"issuers":[{"issuer":"https://\u2026","keys":[the keys of its key set]}]}
  --log FILE       the job's log, as downloaded: checkpoints that left the runner are held against the bundle
  --identity FILE  age identities: what is encrypted is read with them, too`;
var LOG_BYTES_MAX = 1024 * 1024 * 1024;
var IDENTITY_BYTES_MAX = 64 * 1024;
var PIECE_BYTES = 1024 * 1024;
function readOutside({ keys, log, identity }) {
  const known = keys === null ? pinnedKeys() : readKeysFile(keys);
  if ("why" in known) return known;
  try {
    return {
      keys: known,
      ...log === null ? {} : { log: readLog(log) },
      ...identity === null ? {} : { decrypt: readIdentities(identity) }
    };
  } catch (cause) {
    return { why: cause instanceof Error ? cause.message : "Cannot read the files" };
  }
}
function readLog(path) {
  const scan = new LogScan();
  readPieces(path, LOG_BYTES_MAX, (piece) => scan.push(piece));
  const found = scan.end();
  if (scan.isTooMuch)
    throw new Error(`Cannot use ${path}: it shows more than ${LOG_CHECKPOINTS_MAX} checkpoints, expected the log of one job`);
  return found;
}
function readIdentities(path) {
  const pieces = [];
  readPieces(path, IDENTITY_BYTES_MAX, (piece) => pieces.push(Buffer.from(piece)));
  const identities = identitiesIn(Buffer.concat(pieces).toString("utf8"));
  if (identities.length === 0) throw new AgeKeyError(`Cannot use the identities ${path}: there are none, expected AGE-SECRET-KEY-1\u2026`);
  return createDecrypt(identities);
}
function readPieces(path, bytesMax, take) {
  let fd;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (cause) {
    throw new Error(`Cannot read ${path}: ${cause instanceof Error && "code" in cause ? String(cause.code) : "failed"}, expected a file`, {
      cause
    });
  }
  try {
    const { size } = fstatSync(fd);
    if (!fstatSync(fd).isFile()) throw new Error(`Cannot read ${path}: it is no file, expected one`);
    if (size > bytesMax) throw new Error(`Cannot read ${path}: it has ${size} bytes, expected at most ${bytesMax}`);
    const piece = Buffer.alloc(PIECE_BYTES);
    let left = bytesMax;
    for (let read = readSync(fd, piece); read > 0 && left > 0; read = readSync(fd, piece)) {
      take(piece.subarray(0, Math.min(read, left)));
      left -= read;
    }
  } finally {
    closeSync(fd);
  }
}

export {
  OUTSIDE_OPTIONS,
  OUTSIDE_HELP,
  readOutside
};
