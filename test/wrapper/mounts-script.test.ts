import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOUNTS_SCRIPT } from '#wrapper/mounts-script.ts';

test('MOUNTS_SCRIPT calls mount(8) a few times, however many mounts there are', () => {
  assert.ok([...MOUNTS_SCRIPT.matchAll(/tool\[mount\]/g)].length <= 5);
  const loops = MOUNTS_SCRIPT.split('\n').filter((line, at, all) => /tool\[mount\]/.test(line) && /^\s*for /.test(all[at - 1] ?? ''));
  assert.deepEqual(loops, []);
});

test('P8 MOUNTS_SCRIPT goes on after a failure only where the outcome is proved otherwise', () => {
  const unguarded = MOUNTS_SCRIPT.split('\n').filter((line) => /^\s*"\$\{(tool|as)\[/.test(line));
  // The pass over the host's mounts and the last batch, which mount-check.ts proves, and the probe, which has an else.
  assert.equal(unguarded.length, 3);
});
