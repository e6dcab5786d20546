import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cage } from '#wrapper/cage.ts';
import { openTerminal } from '#wrapper/pty.ts';

/** Stands for the cage script: says its lines on descriptor 2 and hears orders there. */
function cage(script: string): Cage {
  return new Cage(['/usr/bin/bash', '-c', script], 'ignore', 5);
}

test('Cage follows a set-up to its command and its end', async () => {
  const started = cage(
    'echo "@network 42" >&2; echo "@aside" >&2; echo "@mount + 1 0 8:1" >&2; echo "odd" >&2; echo "@ready" >&2; read -u 2 word; echo "@started" >&2; read -u 2 order; [ "$word $order" = "go signal INT" ] && echo "@exit 3" >&2; read -u 2 || exit 0',
  );
  assert.equal(await started.networkUp, 42);
  await started.ready;
  assert.deepEqual(
    started.mounts.map(({ line, reachable }) => [line, reachable]),
    [['1 0 8:1', true]],
  );
  assert.deepEqual([started.hasKeptLayers, started.complaints], [false, ' (odd)']);
  started.go();
  started.signal('SIGINT');
  assert.deepEqual(await started.commandEnded, { kind: 'exited', exitCode: 3 });
  started.release();
  await started.ended;
});

for (const [name, script, message] of [
  ['a step fails', 'echo "mount: no" >&2; echo "@fail /proc" >&2; sleep 1000', /step "\/proc" failed \(mount: no\)/],
  ['it ends early', 'echo "unshare: no" >&2; exit 1', /it ended \(unshare: no\)/],
] as const) {
  test(`Cage rejects, and kills what there is, when ${name}`, async () => {
    const failing = cage(script);
    await assert.rejects(failing.networkUp, { code: 'set-up', message });
    await assert.rejects(failing.ready, { code: 'set-up' });
    await failing.ended;
  });
}

test('Cage rejects when its program is not there', async () => {
  const missing = new Cage(['/no/such/program'], 'ignore', 5);
  await assert.rejects(missing.ready, { code: 'set-up', message: /ENOENT/ });
  await missing.ended;
});

test('Cage takes an end before the command started for a failed set-up, and one after it for a kill', async () => {
  const early = cage('echo "@network 1" >&2; echo "@ready" >&2; echo "setpriv: no" >&2; echo "@exit 1" >&2');
  await early.ready;
  const ended = await early.commandEnded;
  assert.equal(ended.kind, 'failed');
  assert.match(ended.kind === 'failed' ? ended.error.message : '', /rights could not be dropped \(setpriv: no\)/);
  const killed = cage('echo "@network 1" >&2; echo "@ready" >&2; echo "@started" >&2; sleep 1000');
  await killed.ready;
  killed.kill();
  assert.deepEqual(await killed.commandEnded, { kind: 'killed' });
});

test("R22 Cage gives nobody the terminal's master", async () => {
  const terminal = openTerminal(80, 24);
  const listing = new Cage(['/usr/bin/bash', '-c', 'ls -l /proc/$$/fd >&2; exit 1'], 'ignore', terminal.masterFd);
  await assert.rejects(listing.ready, (error: Error) => /0 -> \/dev\/null/.test(error.message) && !/ptmx|pts/.test(error.message));
  await listing.ended;
  terminal.close();
});
