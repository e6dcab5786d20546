import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isArchive, openBundleArchive } from '#adapters/files/bundle-archive.ts';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { BundleReader } from '#core/verify/bundle-reader.ts';
import { AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE } from '#core/verify/manifest.ts';

export const PATH_HELP = `PATH is the session's folder, a folder that holds exactly one, or the zip file that GitHub gives for the artifact.`;

export type OpenBundle = BundleReader & { close(): void };

/** The bundle that PATH means: itself, or the only one in it; else, in words, why there is none. */
export function findBundle(path: string): { readonly bundle: string } | { readonly why: string } {
  try {
    if (statSync(path).isFile())
      return isArchive(path) ? { bundle: path } : { why: `Cannot use ${path}: it is no zip file, expected a bundle` };
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

/** Opens what findBundle found. */
export async function openBundle(path: string): Promise<OpenBundle> {
  return statSync(path).isFile() ? openBundleArchive(path) : openBundleFolder(path);
}

function isBundle(path: string): boolean {
  return [AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE].some((name) => existsSync(join(path, name)));
}
