import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CageStatusReader, COMPLAINT_CHARS_MAX } from '#wrapper/cage-status.ts';

const STREAM =
  'sudo: a warning\n@network 4711 4026532008\nmount: odd\n@aside\n@mount + 1 2 8:1 / /a rw - ext4 x rw\n@mount - 3 1\n@ready\n@escape a-b held open EPERM\n@probed\n@started\n@fail hide /a b\n@exit 7\n';
const STATUSES = [
  { kind: 'network', pid: 4711, inode: '4026532008' },
  { kind: 'aside' },
  { kind: 'mount', line: '1 2 8:1 / /a rw - ext4 x rw', reachable: true },
  { kind: 'mount', line: '3 1', reachable: false },
  { kind: 'ready' },
  { kind: 'escape', result: { name: 'a-b', verdict: 'held', detail: 'open EPERM' } },
  { kind: 'probed' },
  { kind: 'started' },
  { kind: 'failed', step: 'hide /a b' },
  { kind: 'exited', exitCode: 7 },
];

test('CageStatusReader gives the same statuses however the stream is split', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const reader = new CageStatusReader();
      const at = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
      const statuses = at.slice(1).flatMap((end, index) => reader.push(STREAM.slice(at[index], end)));
      assert.deepEqual(statuses, STATUSES);
      assert.equal(reader.complaints, 'sudo: a warning\nmount: odd');
    }),
    { numRuns: 200, verbose: 1 },
  );
});

for (const line of [
  '@network',
  '@network 0 1',
  '@network -1 1',
  '@network x 1',
  '@network 1',
  '@network 1 x',
  '@exit',
  '@exit ',
  '@exit 256',
  '@exit -1',
  '@exit 1.5',
  '@mount',
  '@mount 1 2',
  '@go',
  'ready',
  ' @ready',
]) {
  test(`CageStatusReader takes ${JSON.stringify(line)} for a complaint`, () => {
    const reader = new CageStatusReader();
    assert.deepEqual(reader.push(`${line}\n`), []);
    assert.equal(reader.complaints, line.trim());
  });
}

test('CageStatusReader holds no more than its limits', () => {
  const reader = new CageStatusReader();
  for (let i = 0; i < 50; i++) reader.push('x'.repeat(100_000));
  reader.push('\n');
  for (let i = 0; i < 50_000; i++) reader.push('y\n');
  assert.ok(reader.complaints.length <= 3 * COMPLAINT_CHARS_MAX);
  assert.deepEqual(reader.push('@ready\n'), [{ kind: 'ready' }]);
});
