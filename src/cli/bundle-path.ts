import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE } from '#core/verify/manifest.ts';

/** The bundle's folder that PATH means: itself, or the only bundle in it; else, in words, why there is none. */
export function findBundle(path: string): { readonly bundle: string } | { readonly why: string } {
  try {
    if (isBundle(path)) return { bundle: path };
    const inside = readdirSync(path).filter((name) => isBundle(join(path, name)));
    const [only] = inside;
    if (only !== undefined && inside.length === 1) return { bundle: join(path, only) };
    return { why: `Cannot find a bundle in ${path}: it holds ${inside.length}, expected one` };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    return { why: `Cannot read ${path}: ${code}, expected the folder of a bundle` };
  }
}

function isBundle(path: string): boolean {
  return [AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE].some((name) => existsSync(join(path, name)));
}
