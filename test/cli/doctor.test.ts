import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doctorCommand } from '#cli/doctor.ts';
import { capturedIo } from '#test/fixtures/captured-io.ts';
import type { Diagnosis, Examined } from '#wrapper/doctor.ts';

const ESCAPE: Examined = { name: 'a', class: 'c', reason: 'r', outside: 'would succeed', inside: 'held', detail: 'open EPERM' };
const GOOD: Diagnosis = { checks: [{ name: 'tools', state: 'good', found: 'there', mend: null }], escapes: [ESCAPE], fault: null };
const MISSING: Diagnosis['checks'] = [{ name: 'tools', state: 'missing', found: 'none', mend: 'apt-get install iproute2' }];

async function run(args: readonly string[], diagnosis: Diagnosis, isTerminal = false) {
  const io = capturedIo();
  const code = await doctorCommand(args, io, async () => diagnosis, isTerminal);
  return { code, stdout: io.out(), stderr: io.err() };
}

for (const [name, change, code] of [
  ['0 when all is good', {}, 0],
  ['0 when there is nothing to reach', { escapes: [{ ...ESCAPE, inside: 'absent' }] }, 0],
  ['1 when an escape is open', { escapes: [{ ...ESCAPE, inside: 'open' }], fault: 'Cannot trust the cage' }, 1],
  ['1 when an escape came to no end', { escapes: [{ ...ESCAPE, inside: 'late' }], fault: 'Cannot trust the cage' }, 1],
  ['125 when no cage can be made', { checks: MISSING, escapes: [{ ...ESCAPE, inside: null }], fault: 'Cannot make a cage' }, 125],
] as const) {
  test(`doctorCommand() answers ${name}`, async () => assert.equal((await run([], { ...GOOD, ...change })).code, code));
}

test('doctorCommand() says what is missing, how to mend it, and why no command can be started', async () => {
  const { stdout } = await run([], { checks: MISSING, escapes: [{ ...ESCAPE, inside: null, detail: '' }], fault: 'Cannot make a cage' });
  assert.match(stdout, /^MISSING {2}tools: none\n {9}to mend: apt-get install iproute2$/m);
  assert.match(stdout, /^a {2}would succeed {5}not tried$/m);
  assert.match(stdout, /Cannot make a cage\n$/);
});

test('doctorCommand() colours on a terminal only', async () => {
  assert.doesNotMatch((await run([], GOOD)).stdout, /\u001b/);
  assert.match((await run([], GOOD, true)).stdout, /\u001b\[32mok/);
});

test('doctorCommand() prints one JSON object when asked', async () => {
  const { stdout, code } = await run(['--json'], GOOD, true);
  assert.deepEqual([JSON.parse(stdout), code], [{ v: 1, ...GOOD }, 0]);
});

test('doctorCommand() tells its options, and refuses others', async () => {
  assert.match((await run(['--help'], GOOD)).stdout, /--json/);
  for (const args of [['--no-such'], ['more']]) assert.equal((await run(args, GOOD)).code, 2);
});
