import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import type { Clock } from '#session/ports.ts';
import { OPENED_MS } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { faketimeLibrary } from '#test/servers/faketime.ts';
import { seededRandom } from '#test/simulate/random.ts';
import { checkLeftOver } from './left-over.ts';
import { writeSession } from './session-writer.ts';

const RUNS = 200;
const STEP_MS_MAX = 10 * 365 * 24 * 3600 * 1000;

test(`a bundle whose clock jumps at random, ${RUNS} times over, seals and verifies: nothing is ordered by time`, async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const parent = temporaryFolder(t);
  let wentBack = 0;
  for (let n = 0; n < RUNS; n += 1) {
    const random = seededRandom(seed + n);
    let [ms, asked] = [OPENED_MS, 0];
    const clock: Clock = {
      nowMs() {
        // The first entry is held to the token's time.
        if (asked > 0 && random.chance(0.1)) ms += random.below(2 * STEP_MS_MAX) - STEP_MS_MAX;
        asked += 1;
        ms += 1;
        return ms;
      },
      monotonicMicros: () => 0,
    };
    const acknowledged = await writeSession({ parent, session: `s${n}`, seed: seed + n, clock });
    assert.deepEqual(acknowledged.failures, []);
    const found = await checkLeftOver(join(parent, `s${n}`), acknowledged, `seed ${seed}, run ${n}`);
    assert.equal(found?.verdict, 'sealed');
    if (found.notes.some((note) => /clock went back/.test(note))) wentBack += 1;
  }
  assert.ok(wentBack > RUNS / 2, `${wentBack} noted it`);
});

const SYSTEM_RUNS = 5;

test('a bundle seals and verifies while the clock of the whole process jumps (libfaketime)', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const random = seededRandom(seed);
  const parent = temporaryFolder(t);
  const timeFile = join(temporaryFolder(t), 'time');
  const set = (ms: number): void => writeFileSync(timeFile, new Date(ms).toISOString().slice(0, 19).replace('T', ' '));
  set(OPENED_MS);
  const env = {
    ...process.env,
    TZ: 'UTC',
    LD_PRELOAD: faketimeLibrary(),
    FAKETIME_TIMESTAMP_FILE: timeFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const args = [join(import.meta.dirname, 'session-writer.ts'), parent, String(seed), String(SYSTEM_RUNS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const exited = once(child, 'exit');
  const sealed: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    const [session = '', what] = line.split(' ');
    if (what !== 'sealed') set(OPENED_MS + (random.chance(0.2) ? random.below(2 * STEP_MS_MAX) - STEP_MS_MAX : 0));
    else {
      sealed.push(session);
      set(OPENED_MS); // each session's first entry is held to its token's time
    }
  }
  assert.equal((await exited)[0], 0);
  assert.equal(sealed.length, SYSTEM_RUNS);
  let wentBack = 0;
  for (const session of sealed) {
    const folder = openBundleFolder(join(parent, session));
    const { verdict, notes, problems } = await verifyBundle(folder);
    folder.close();
    if (notes.some((note) => /clock went back/.test(note))) wentBack += 1;
    // The next session may have begun before its time was set right.
    assert.ok(verdict === 'sealed' || problems.every(({ code }) => code === 'token'), `${session}: ${JSON.stringify(problems)}`);
  }
  assert.ok(wentBack > 0);
});
