import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { seededRandom } from '#test/simulate/random.ts';
import { breakCalls } from './broken-calls.ts';
import { checkLeftOver } from './left-over.ts';
import { writeSession } from './session-writer.ts';

/** Calls of the sessions made here, at most. */
const CALLS_MAX = 5_000;
/** Sessions differ in length: as many as it takes. */
const SESSIONS_MIN = 2;
const UNSEALED_MIN = 200;

test('a bundle whose writer ends at any call that changes files is unsealed or whole, and has all that was acknowledged (R37)', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  const parent = temporaryFolder(t);
  let unsealed = 0;
  for (let session = 0; session < SESSIONS_MIN || unsealed < UNSEALED_MIN; session += 1) {
    const verdicts = new Map<string, number>();
    for (let at = 0; ; at += 1) {
      assert.ok(at < CALLS_MAX);
      const part = random.chance(0.5) ? random.next() : 0;
      const where = `seed ${seed}, session ${session}, call ${at}, of which ${part}`;
      const calls = breakCalls(at, part);
      const acknowledged = await writeSession({ parent, session: 's', seed: seed + session }).finally(() => calls.restore());
      const verdict = (await checkLeftOver(join(parent, 's'), acknowledged, where))?.verdict ?? 'none';
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      rmSync(join(parent, 's'), { recursive: true, force: true });
      if (calls.count > at) continue;
      assert.equal(acknowledged.sealed, true, where);
      break;
    }
    t.diagnostic(JSON.stringify([...verdicts]));
    unsealed += verdicts.get('unsealed') ?? 0;
    assert.ok((verdicts.get('unsealed') ?? 0) >= 1 && (verdicts.get('sealed') ?? 0) >= 1);
  }
});
