import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replayCommand } from '#cli/replay.ts';
import { TERMINAL_RESET } from '#core/recording/safe-terminal.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { capturedIo } from '#test/fixtures/captured-io.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string; waits: number[] }> {
  const io = capturedIo();
  const waits: number[] = [];
  const code = await replayCommand(args, { ...io, wait: async (ms) => waits.push(ms) });
  return { code, out: io.out(), err: io.err(), waits };
}

test('replayCommand() plays what was recorded, and nothing that a terminal would act on (R37)', async (t) => {
  const output = Buffer.from('\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07\x1b[6n\x1b[?1000h\x05 wörld\r\n');
  const { path } = await makeBundle(temporaryFolder(t), { output });
  const played = await run(path, '--instant');
  assert.deepEqual([played.code, played.out, played.err], [0, `\x1b[31mred\x1b[0m wörld\r\n${TERMINAL_RESET}\n`, '']);
});

test('replayCommand() keeps pauses, shortened and at the speed asked for', async (t) => {
  const parent = temporaryFolder(t);
  const { path } = await makeBundle(parent, { pauses: [1, 60] });
  assert.deepEqual((await run(path)).waits, [1000, 2000]);
  assert.deepEqual((await run(path, '--speed', '2', '--idle-max', '100')).waits, [500, 30_000]);
});

test('replayCommand() lists operations', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  const { code, out } = await run(path, '--operations');
  assert.equal(code, 0);
  assert.match(out, /allow .*SELECT \* FROM orders/);
  assert.match(out, /deny .*DROP TABLE orders/);
});

test('replayCommand() plays no broken bundle unless told to, and says when one is unsealed', async (t) => {
  const parent = temporaryFolder(t);
  const broken = (await makeBundle(parent, { session: 'broken' })).path;
  appendFileSync(join(broken, 'policy.yml'), '#');
  const refused = await run(broken, '--instant');
  assert.deepEqual([refused.code, refused.out], [1, '']);
  const told = await run(broken, '--instant', '--even-broken');
  assert.equal(told.code, 0);
  assert.match(told.out, /hello/);
  assert.match(told.err, /broken/);
  const unsealed = await run((await makeBundle(parent, { session: 'unsealed', seal: false })).path, '--instant');
  assert.equal(unsealed.code, 0);
  assert.match(unsealed.err, /unsealed/);
});

test('replayCommand() refuses options it cannot mean', async (t) => {
  const { path } = await makeBundle(temporaryFolder(t));
  for (const args of [
    [],
    [path, path],
    [path, '--speed', '0'],
    [path, '--speed', 'x'],
    [path, '--idle-max', '-1'],
    [path, '--what'],
    [join(path, 'none')],
  ]) {
    assert.equal((await run(...args)).code, 2, args.join(' '));
  }
  const help = await run('--help');
  assert.deepEqual([help.code, help.out.startsWith('duty-gate replay')], [0, true]);
});
