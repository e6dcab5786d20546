import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { seededRandom } from '#test/simulate/random.ts';
import { checkLeftOver } from './left-over.ts';
import { type Acknowledged, nothingAcknowledged } from './session-writer.ts';

const POINTS = 200;
const AT_ONCE = 3;
/** Reported lines after which a process is killed, at most: a session has about a hundred. */
const LINES_MAX = 250;

/** Kills a writer once it has said so much; what it acknowledged of the session it was at. */
async function killed(parent: string, seed: number, lines: number): Promise<{ session: string; acknowledged: Acknowledged }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'session-writer.ts'), parent, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let session = 's0';
  let acknowledged = nothingAcknowledged();
  let left = lines;
  for await (const line of createInterface(child.stdout)) {
    const [name = '', what, value = ''] = line.split(' ');
    if (name !== session) {
      session = name;
      acknowledged = nothingAcknowledged();
    }
    if (what === 'written') acknowledged.written = Number(value);
    else if (what === 'checkpoint') acknowledged.checkpoints.push(value);
    else acknowledged.sealed = true;
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await exited;
  assert.equal(child.signalCode, 'SIGKILL');
  return { session, acknowledged };
}

test(`a bundle whose writer is killed, at ${POINTS} random points, is unsealed or whole, and has all that was acknowledged (R37)`, async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  const folder = temporaryFolder(t);
  const verdicts = new Map<string, number>();
  const points = Array.from({ length: POINTS }, (_, n) => ({ n, lines: 1 + random.below(LINES_MAX) })).values();
  const worker = async (): Promise<void> => {
    for (const { n, lines } of points) {
      const parent = join(folder, String(n));
      const { session, acknowledged } = await killed(parent, seed + n, lines);
      const found = await checkLeftOver(join(parent, session), acknowledged, `seed ${seed}, point ${n}, after ${lines} lines`);
      const verdict = found?.verdict ?? 'none';
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      rmSync(parent, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.ok((verdicts.get('unsealed') ?? 0) > POINTS / 2, [...verdicts].join(' '));
});
