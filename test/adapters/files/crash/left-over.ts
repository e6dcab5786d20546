import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { findCheckpoints } from '#core/audit/checkpoint.ts';
import type { Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import type { Acknowledged } from './session-writer.ts';

/**
 * What is left of a session, wherever it stopped: never broken; complete only if it is; and all that was acknowledged is in it, the
 * checkpoints that were shown included. `null`: it had not begun.
 */
export async function checkLeftOver(
  path: string,
  { written, checkpoints, sealed, late }: Acknowledged,
  where: string,
): Promise<Verification | null> {
  assert.deepEqual(late, [], `${where}: acknowledged after a failure`);
  if (!existsSync(join(path, 'audit.jsonl'))) {
    assert.deepEqual([written, sealed], [-1, false], `${where}: acknowledged, and not there`);
    return null;
  }
  const folder = openBundleFolder(path);
  try {
    const found = await verifyBundle(folder, { log: checkpoints.flatMap((text) => findCheckpoints(text)) });
    assert.notEqual(found.verdict, 'broken', `${where}: ${JSON.stringify(found.problems)}`);
    // The signature gets its name before anybody is told; nothing is left to do then.
    const isWhole = existsSync(join(path, 'manifest.sig'));
    assert.equal(found.verdict, isWhole ? 'sealed' : 'unsealed', where);
    if (sealed) assert.ok(isWhole, `${where}: sealed was said`);
    assert.ok(found.counts.entries > written, `${where}: entry ${written} was acknowledged, and there are ${found.counts.entries}`);
    return found;
  } finally {
    folder.close();
  }
}
