import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { seededRandom } from '#test/simulate/random.ts';
import { checkLeftOver } from './left-over.ts';
import { writeSession } from './session-writer.ts';

const POINTS = 200;

type Result = { readonly how: string; readonly verdict: string; readonly sealed: boolean; readonly failures: readonly string[] };

/** Real ones. There is room again when all is tried once more after the first failure: that must not bring anything back (P2). */
const SHORTAGES = [
  { kind: 'space', what: 'has no room left', words: /the disk is full \(ENOSPC\)/ },
  { kind: 'inodes', what: 'takes no more files', words: /ENOSPC/ },
  { kind: 'file-size', what: 'takes no longer files', words: /EFBIG/ },
] as const;

describe('a bundle, unsealed up to what was acknowledged, that says why', () => {
  for (const { kind, what, words } of SHORTAGES)
    it(`is left on a disk that ${what}, at ${POINTS} random points`, async (t) => {
      const seed = randomInt(2 ** 31);
      t.diagnostic(`seed ${seed}`);
      const results = await fillDisk(kind, temporaryFolder(t), seed);
      assert.equal(results.length, POINTS);
      checkResults(results, words);
    });

  it(`is left where a session has grown to its limit, at ${POINTS} random points`, async (t) => {
    const seed = randomInt(2 ** 31);
    t.diagnostic(`seed ${seed}`);
    const random = seededRandom(seed);
    const parent = temporaryFolder(t);
    const results: Result[] = [];
    for (let n = 0; n < POINTS; n += 1) {
      const bytesMax = random.below(SESSION_BYTES_MAX);
      const session = `s${n}`;
      const acknowledged = await writeSession({ parent, session, seed: seed + n, bytesMax });
      const how = `seed ${seed}, point ${n}, at most ${bytesMax} bytes`;
      const found = await checkLeftOver(join(parent, session), acknowledged, how);
      results.push({ how, verdict: found?.verdict ?? 'none', ...acknowledged });
    }
    checkResults(results, /the evidence of this session has grown to its limit \(over-limit\)/);
  });
});

/** A session takes about so much. */
const SESSION_BYTES_MAX = 100_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** In a mount namespace of its own, which takes its file systems with it when it ends. */
async function fillDisk(kind: string, folder: string, seed: number): Promise<readonly Result[]> {
  const namespace = ['--user', '--map-root-user', '--mount', '--kill-child'];
  const program = [process.execPath, join(import.meta.dirname, 'fill-disk.ts'), kind, folder, String(seed), String(POINTS)];
  const options = { maxBuffer: OUTPUT_BYTES_MAX };
  const { stdout } = await promisify(execFile)('unshare', [...namespace, ...program], options).catch((cause: unknown) => {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new Error(`Cannot fill a disk in a user and mount namespace (unshare, mount, prlimit of util-linux): ${said}`);
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function checkResults(results: readonly Result[], words: RegExp): void {
  for (const { how, verdict, sealed, failures } of results) {
    assert.equal(sealed, verdict === 'sealed', `${how}: ${failures}`);
    assert.equal(sealed, failures.length === 0, how);
    if (!sealed) assert.match(failures[0] ?? '', words, how);
  }
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  assert.ok(verdicts.has('unsealed') && verdicts.has('sealed'), [...verdicts].join(' '));
}
