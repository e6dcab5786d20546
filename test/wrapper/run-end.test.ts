import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/** How a wrapped command ends, or never begins. */
const ALIVE_MS_MAX = 10_000;

for (const user of testUsers()) {
  describe(`runWrapped() as ${user.label}`, () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
      test(`passes ${signal} on and gives the command's answer to it`, async () => {
        const short = signal.slice(3);
        const { report, output } = await runWrappedAs(
          user,
          { argv: script(`trap 'echo heard; exit 42' ${short}; echo ready; while :; do sleep 0.05; done`) },
          { onOutput: (all, child) => all === 'ready\n' && child.kill(signal) },
        );
        assert.deepEqual([report?.kind, report?.exitCode], ['exited', 42]);
        assert.match(output, /heard\n$/);
      });
    }

    test('ends a command that does not heed a signal, after the grace', async () => {
      const { report } = await runWrappedAs(
        user,
        { argv: script("trap '' TERM; echo ready; while :; do sleep 0.05; done"), graceMs: 100 },
        { onOutput: (all, child) => all === 'ready\n' && child.kill('SIGTERM') },
      );
      assert.deepEqual([report?.kind, report?.exitCode], ['signalled', 137]);
    });

    test('ends a command at the second signal', async () => {
      const { report } = await runWrappedAs(
        user,
        { argv: script("trap 'echo again' TERM; echo ready; while :; do sleep 0.05; done") },
        { onOutput: (all, child) => (all === 'ready\n' || all === 'ready\nagain\n') && child.kill('SIGTERM') },
      );
      assert.deepEqual([report?.kind, report?.exitCode], ['signalled', 137]);
    });

    test('leaves nothing alive inside when the wrapper is killed', async () => {
      const mark = `duty-gate-mark-${user.uid}-${process.pid}`;
      const { signal, report } = await runWrappedAs(
        user,
        { argv: script(`setsid bash -c 'exec -a ${mark} sleep 1000' & trap '' HUP TERM; echo ready; exec -a ${mark} sleep 1000`) },
        { onOutput: (all, child) => all === 'ready\n' && child.kill('SIGKILL') },
      );
      assert.deepEqual([signal, report], ['SIGKILL', null]);
      await goneWithin(mark);
    });

    test('kills everything inside and says so when the session is lost', async () => {
      const mark = `duty-gate-lost-${user.uid}-${process.pid}`;
      const { report } = await runWrappedAs(user, {
        loseAt: 'ready',
        argv: script(`trap '' HUP TERM; echo ready; exec -a ${mark} sleep 1000`),
      });
      assert.deepEqual([report?.kind, report?.exitCode], ['lost', 123]);
      await goneWithin(mark);
    });

    test('P2 does not go on when the recording cannot', async () => {
      const { report } = await runWrappedAs(user, { record: 'fails', argv: script('while :; do echo more; sleep 0.05; done') });
      assert.deepEqual([report?.kind, report?.exitCode], ['lost', 123]);
    });

    test('lets the command wait when the recording is slow, and keeps no queue', async () => {
      const { report, output } = await runWrappedAs(
        user,
        { record: 'stalls', argv: ['yes'], graceMs: 100 },
        { onOutput: (_all, child) => child.kill('SIGTERM') },
      );
      assert.ok((report?.recordedBytes ?? 0) < 1024 * 1024, String(report?.recordedBytes));
      assert.ok(output.length < 4 * 1024 * 1024);
    });

    test('ends a command whose output nobody reads any more', async () => {
      const { report } = await runWrappedAs(user, { argv: ['yes'] }, { onOutput: (_all, child) => child.stdout?.destroy() });
      assert.deepEqual([report?.kind, report?.exitCode], ['exited', 141]);
    });

    test('ends a command that does not heed the signal for it either', async () => {
      const { report } = await runWrappedAs(
        user,
        { argv: script("trap '' PIPE; while echo more; do :; done 2>/dev/null; exit 5") },
        { onOutput: (_all, child) => child.stdout?.destroy() },
      );
      assert.deepEqual([report?.kind, report?.exitCode], ['exited', 5]);
    });

    test('runs nothing when the gateway refuses', async () => {
      const { report, output } = await runWrappedAs(user, { gateway: 'refuses', argv: ['echo', 'ran'] });
      assert.deepEqual([report?.code, report?.exitCode, output], ['gateway', 125, '']);
    });

    test('runs nothing in a folder that is not there', async () => {
      const { report, output } = await runWrappedAs(user, { cwd: '/no/such/folder', argv: ['echo', 'ran'] });
      assert.deepEqual([report?.code, report?.exitCode, output], ['set-up', 125, '']);
      assert.match(report?.message ?? '', /cwd/);
    });

    test('runs nothing in a folder that it hides', async () => {
      const { report } = await runWrappedAs(user, { cwd: '/usr/lib', hide: ['/usr'], argv: ['true'] });
      assert.equal(report?.code, 'set-up');
    });
  });
}

async function goneWithin(mark: string): Promise<void> {
  const end = performance.now() + ALIVE_MS_MAX;
  while (processesNamed(mark).length > 0) {
    assert.ok(performance.now() < end, `${mark} is still alive`);
    await wait(20);
  }
}

function processesNamed(mark: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(mark);
    } catch {
      return false;
    }
  });
}
