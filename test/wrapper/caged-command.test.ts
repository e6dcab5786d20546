import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CagedCommand } from '#wrapper/caged-command.ts';

/** Stands for the program that starts a command: says its lines on descriptor 2 and hears orders there. */
function command(script: string): CagedCommand {
  return new CagedCommand(['/usr/bin/bash', '-c', script], 'ignore', 5);
}

test('CagedCommand follows a command from its start to its end, and passes orders on', async () => {
  const running = command('echo @started >&2; read -u 2 a; read -u 2 b; [[ "$a $b" = "signal INT kill" ]] && echo "@exit 3" >&2');
  await running.settled;
  running.signal('SIGINT');
  running.kill();
  assert.deepEqual(await running.ended, { kind: 'exited', exitCode: 3 });
});

for (const [name, script, message] of [
  ['a step of it fails', 'echo "@fail uid: Operation not permitted" >&2; sleep 1000', /step "uid: Operation not permitted" failed/],
  ['it ends before it is one', 'echo "sudo: no" >&2; exit 1', /it ended \(sudo: no\)/],
  ['it has an end and no start', 'echo "@exit 0" >&2; sleep 1000', /it ended/],
  ['it speaks of a cage', 'echo @ready >&2; sleep 1000', /it speaks of a cage/],
] as const) {
  test(`CagedCommand says that it did not start when ${name}`, async () => {
    const failing = command(script);
    await failing.settled;
    const ended = await failing.ended;
    assert.equal(ended.kind, 'failed');
    assert.match(ended.kind === 'failed' ? ended.error.message : '', message);
  });
}

test('CagedCommand says that it did not start when its program is not there', async () => {
  const missing = new CagedCommand(['/no/such/program'], 'ignore', 5);
  const ended = await missing.ended;
  assert.equal(ended.kind, 'failed');
});

test('CagedCommand takes the end of its starter for a kill', async () => {
  assert.deepEqual(await command('echo @started >&2; kill -KILL $$').ended, { kind: 'killed' });
});
