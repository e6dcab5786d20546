import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { type RefusedOperations, readRefused } from './refused-operations.ts';

/** A bundle on this machine, and what is to be said of it. */
export type Evidence = {
  /** Absolute. */
  readonly bundle: string;
  readonly verification: Verification;
  readonly refused: RefusedOperations;
  /** Absolute paths of its files: regular ones, no links. */
  readonly files: readonly string[];
};

/** The only bundle in the job's evidence folder, however its session ended; null when none was begun. */
export function findBundle(evidenceFolder: string): string | null {
  const [only = null] = namesIn(evidenceFolder)
    .map((name) => join(evidenceFolder, name))
    .filter((path) => lstatSync(path).isDirectory());
  return only;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Reads it as anybody would: nothing is taken from the gateway's word. */
export async function readEvidence(bundle: string): Promise<Evidence> {
  const folder = openBundleFolder(bundle);
  try {
    const verification = await verifyBundle(folder);
    const refused = await readRefused(folder);
    const files = (await folder.members()).filter(({ kind }) => kind === 'file').map(({ path }) => join(bundle, path));
    return { bundle, verification, refused, files };
  } finally {
    folder.close();
  }
}
