import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cage } from '#wrapper/cage.ts';
import { openTerminal } from '#wrapper/pty.ts';

/** Stands for the cage script: says its lines on descriptor 2 and hears orders there. */
function cage(script: string): Cage {
  return new Cage(['/usr/bin/bash', '-c', script], 5, null);
}

test('Cage follows a set-up to a cage that stands, and lets it go', async () => {
  const made = cage(`
    echo "@network 42 4026532008" >&2; echo "@aside" >&2; echo "@mount + 1 0 8:1" >&2; echo odd >&2; echo "@ready" >&2
    read -u 2 word; [[ $word = probe ]] || exit; echo "@escape a held b" >&2; echo "@probed" >&2
    read -u 2 word; [[ $word = go ]] || exit; read -u 2 || read -u 1 || exit 0`);
  assert.deepEqual(await made.networkUp, { kind: 'network', pid: 42, inode: '4026532008' });
  await made.ready;
  assert.deepEqual(
    made.mounts.map(({ line, reachable }) => [line, reachable]),
    [['1 0 8:1', true]],
  );
  assert.deepEqual([made.hasKeptLayers, made.complaints], [false, ' (odd)']);
  made.probe();
  assert.deepEqual(await made.probed, [{ name: 'a', verdict: 'held', detail: 'b' }]);
  made.hold();
  let isOver = false;
  void made.ended.then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isOver, false);
  made.release();
  await made.ended;
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
  const missing = new Cage(['/no/such/program'], 5, null);
  await assert.rejects(missing.ready, { code: 'set-up', message: /ENOENT/ });
  await missing.ended;
});

test('Cage rejects what tells of more escapes than there are', async () => {
  const telling = cage('echo "@ready" >&2; for i in {0..256}; do echo "@escape a held b" >&2; done; sleep 1000');
  await assert.rejects(telling.probed, { code: 'set-up', message: /more than 256 escapes are told/ });
  await telling.ended;
});

test('Cage rejects when it ends while the escapes are tried', async () => {
  const ending = cage('echo "@ready" >&2; read -u 2; echo "@escape a held b" >&2; exit 125');
  await ending.ready;
  ending.probe();
  await assert.rejects(ending.probed, { code: 'set-up', message: /it ended/ });
  await ending.ended;
});

test('Cage rejects a set-up that speaks of a command', async () => {
  const odd = cage('echo "@network 1 2" >&2; echo "@started" >&2; sleep 1000');
  await assert.rejects(odd.ready, { code: 'set-up', message: /it speaks of a command/ });
  await odd.ended;
});

test("R22 Cage gives nobody the terminal's master", async () => {
  const terminal = openTerminal(80, 24);
  const listing = new Cage(['/usr/bin/bash', '-c', 'ls -l /proc/$$/fd >&2; exit 1'], terminal.masterFd, null);
  await assert.rejects(listing.ready, (error: Error) => /0 -> \/dev\/null/.test(error.message) && !/ptmx|pts/.test(error.message));
  await listing.ended;
  terminal.close();
});
