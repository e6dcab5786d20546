import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ArchiveFault, type ArchiveFaultCode } from '#adapters/files/archive-fault.ts';
import { openBundleArchive } from '#adapters/files/bundle-archive.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import type { ZipMember } from './zip-maker.ts';

export const TEXT = Buffer.from('version: 1\n'.repeat(100));
export const ONE: ZipMember = { name: 'policy.yml', content: TEXT };
export const OTHER: ZipMember = { name: 'token.jwt', content: TEXT };

export function put(t: TestContext, bytes: Buffer): string {
  const path = join(temporaryFolder(t), 'bundle.zip');
  writeFileSync(path, bytes);
  return path;
}

/** Every file in it, read to its end. */
export async function readAll(path: string): Promise<Map<string, Buffer>> {
  const archive = await openBundleArchive(path);
  try {
    const files = new Map<string, Buffer>();
    for (const { path: name, kind, bytes } of await archive.members()) {
      if (kind !== 'file') continue;
      const pieces: Buffer[] = [];
      for await (const piece of archive.read(name, bytes)) pieces.push(Buffer.from(piece));
      files.set(name, Buffer.concat(pieces));
    }
    return files;
  } finally {
    archive.close();
  }
}

export type Hostile = readonly [what: string, code: ArchiveFaultCode, zip: () => Buffer];

/** Each is refused when it is opened: nothing of it is read. */
export function testRefused(cases: readonly Hostile[]): void {
  for (const [what, code, zip] of cases) {
    test(`openBundleArchive() refuses ${what} (R37)`, async (t) => {
      await assert.rejects(openBundleArchive(put(t, zip())), (fault) => {
        assert.ok(fault instanceof ArchiveFault, String(fault));
        assert.equal(fault.code, code, fault.message);
        assert.match(fault.message, /^Cannot read the archive: [ -~]+, expected [ -~]+$/);
        return true;
      });
    });
  }
}
