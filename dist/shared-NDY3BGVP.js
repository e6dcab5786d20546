import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  KEYS_FILE_BYTES_MAX,
  withKeysFile
} from "./shared-OP2GJ2PY.js";

// src/cli/keys-file.ts
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
function readKeysFile(path) {
  const bytes = readFile(path);
  if (typeof bytes === "string") return { why: `Cannot read the keys ${path}: ${bytes}` };
  const keys = withKeysFile(bytes.toString("utf8"));
  return typeof keys === "string" ? { why: `Cannot use the keys ${path}: ${keys}` } : keys;
}
function readFile(path) {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      if (!fstatSync(fd).isFile()) return "it is no file";
      const buffer = Buffer.alloc(KEYS_FILE_BYTES_MAX + 1);
      let bytes = 0;
      for (let read = -1; read !== 0 && bytes < buffer.length; bytes += read)
        read = readSync(fd, buffer, bytes, buffer.length - bytes, null);
      return bytes > KEYS_FILE_BYTES_MAX ? `it is too large, expected at most ${KEYS_FILE_BYTES_MAX} bytes` : buffer.subarray(0, bytes);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown fault";
  }
}

export {
  readKeysFile
};
