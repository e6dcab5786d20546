import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { withKeysFile } from '#core/verify/issuer-keys.ts';
import { exitCodeOf, type Verification } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type BundleFiles, memoryReader } from '#test/fixtures/memory-bundle.ts';
import { seededRandom } from '#test/simulate/random.ts';
import { KEYS_FILE, makeOriginals } from './corpus.ts';
import { mutate } from './mutations.ts';
import { verifyByPython } from './python.ts';

const MUTATIONS = 1000;
const parsed = withKeysFile(KEYS_FILE);
const keys = typeof parsed === 'string' ? assert.fail(parsed) : parsed;
const verify = (files: BundleFiles) => verifyBundle(memoryReader(files), { keys });

function put(files: BundleFiles, folder: string): string {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function keysIn(folder: string): readonly string[] {
  const path = join(folder, 'keys.json');
  writeFileSync(path, KEYS_FILE);
  return ['--keys', path];
}

test('both verifiers find untouched bundles of every kind as they are, and the same in them', async (t) => {
  const folder = temporaryFolder(t);
  const originals = await makeOriginals(temporaryFolder(t));
  const found = await verifyByPython(
    originals.map(({ name, files }) => put(files, join(folder, name))),
    keysIn(folder),
  );
  for (const [n, { name, files, exitCode }] of originals.entries()) {
    const ours = await verify(files);
    assert.equal(exitCodeOf(ours, false), exitCode, name);
    assert.deepEqual(sameOf(found[n]), { ...sameOf(ours), exitCode }, name);
  }
});

function sameOf(
  found:
    | Pick<Verification, 'verdict' | 'anchoring' | 'signed' | 'last' | 'counts'>
    | Awaited<ReturnType<typeof verifyByPython>>[number]
    | undefined,
) {
  assert.ok(found !== undefined);
  const { verdict, anchoring, signed, last, counts } = found;
  return { verdict, anchoring, signed, last, counts: { ...counts }, ...('exitCode' in found ? { exitCode: found.exitCode } : {}) };
}

test(`both verifiers find each of ${MUTATIONS} random changes, and agree on what it leaves`, async (t) => {
  const folder = temporaryFolder(t);
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const corpus = { originals: await makeOriginals(temporaryFolder(t)), random: seededRandom(seed) };
  const changed: { readonly what: string; readonly path: string; readonly exitCode: number }[] = [];
  const kinds = new Set<string>();
  for (let n = 0; n < MUTATIONS; n += 1) {
    const { original, kind, what, files } = await mutate(corpus);
    kinds.add(kind);
    const exitCode = exitCodeOf(await verify(files), false);
    const name = `seed ${seed}, number ${n}, ${original.name}: ${what}`;
    assert.ok(isFound(exitCode, original.exitCode), `${name}: exit code ${exitCode}`);
    changed.push({ what: name, exitCode, path: put(files, join(folder, String(n))) });
  }
  assert.equal(kinds.size, 10, [...kinds].join(' '));
  const found = await verifyByPython(
    changed.map(({ path }) => path),
    keysIn(folder),
  );
  for (const [n, { what, exitCode }] of changed.entries())
    assert.equal(found[n]?.exitCode, exitCode, `${what}: ${JSON.stringify(found[n])}`);
});

/** Broken, or no longer what it was: without its signature it is unsealed, under another issuer's key unanchored. */
function isFound(found: number, original: number): boolean {
  return found !== 0 && (found !== original || found === 1);
}
