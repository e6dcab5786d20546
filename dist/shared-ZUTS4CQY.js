import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  AUDIT_FILE,
  MANIFEST_FILE,
  SIGNATURE_FILE
} from "./shared-DO3Y22EE.js";

// src/cli/bundle-path.ts
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
function findBundle(path) {
  try {
    if (isBundle(path)) return { bundle: path };
    const inside = readdirSync(path).filter((name) => isBundle(join(path, name)));
    const [only] = inside;
    if (only !== void 0 && inside.length === 1) return { bundle: join(path, only) };
    return { why: `Cannot find a bundle in ${path}: it holds ${inside.length}, expected one` };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
    return { why: `Cannot read ${path}: ${code}, expected the folder of a bundle` };
  }
}
function isBundle(path) {
  return [AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE].some((name) => existsSync(join(path, name)));
}

export {
  findBundle
};
