import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '#core/verify/verification.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

test('verifyBundle() finds each flipped bit of each file that the adapters write (P6)', async (t) => {
  const sealed = loadBundle((await makeBundle(temporaryFolder(t))).path);
  for (const [path, content] of sealed) {
    const flipped = Buffer.from(content);
    const bundle = memoryReader(new Map([...sealed, [path, flipped]]));
    for (let bit = 0; bit < content.length * 8; bit += 1) {
      const byte = content[bit >> 3] ?? 0;
      flipped[bit >> 3] = byte ^ (1 << (bit & 7));
      assert.equal(exitCodeOf(await verifyBundle(bundle), true), 1, `${path}, bit ${bit}`);
      flipped[bit >> 3] = byte;
    }
  }
});
