import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, constants, existsSync, mkdtempSync, openSync, readSync, rmSync, watch, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TOOL_FOLDERS } from '#wrapper/tools.ts';
import { publicFile, type TestUser, testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/** More calls of one tool than any set-up makes; meeting it means that failures go unnoticed. */
const CALLS_MAX = 200;
const users = testUsers();
const folder = mkdtempSync('/tmp/duty-gate-fakes-');
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

function openFolder(prefix: string): string {
  const path = mkdtempSync(join(folder, prefix));
  chmodSync(path, 0o777);
  return path;
}

/**
 * A folder with one tool that fails at its nth call, and counts: each call takes a word from a FIFO, which works where
 * nothing can be written any more.
 */
function fakeTool(name: string, failAt: number): { readonly folder: string; calls(): number } {
  const fakes = openFolder(`${name}-`);
  const words = join(fakes, 'words');
  const real = TOOL_FOLDERS.map((each) => join(each, name)).find((path) => existsSync(path));
  assert.equal(spawnSync('mkfifo', ['-m', '644', words]).status, 0);
  const fd = openSync(words, constants.O_RDWR | constants.O_NONBLOCK);
  const all = Array.from({ length: CALLS_MAX }, (_, at) => (at + 1 === failAt ? 'fail\n' : 'pass\n')).join('');
  writeSync(fd, all);
  publicFile(
    join(fakes, name),
    `#!/bin/bash\nread -r word <${words}\n[ "$word" = pass ] || { echo "${name} is broken" >&2; exit 1; }\nexec ${real} "$@"\n`,
    0o755,
  );
  const calls = (): number => {
    const left = readSync(fd, Buffer.alloc(all.length));
    closeSync(fd);
    return (all.length - left) / 'pass\n'.length;
  };
  return { folder: fakes, calls };
}

function userBy(entrance: TestUser['entrance']): TestUser {
  const user = users.find((each) => each.entrance === entrance) ?? users[0];
  assert.ok(user);
  return user;
}

describe('runWrapped() with a machine that fails it', () => {
  for (const tool of ['cp', 'ip', 'mkdir', 'mount', 'setpriv', 'unshare'] as const) {
    test(`P8 runs nothing whichever call of ${tool} fails`, async () => {
      const user = userBy('user-namespace');
      for (let failAt = 1; ; failAt++) {
        assert.ok(failAt < CALLS_MAX);
        const fake = fakeTool(tool, failAt);
        const marker = join(fake.folder, 'ran');
        const { report, output } = await runWrappedAs(user, {
          files: { layered: ['/var/tmp'] },
          toolFolders: [fake.folder, ...TOOL_FOLDERS],
          argv: script(`echo >${marker}; echo ran`),
        });
        const calls = fake.calls();
        if (calls < failAt) {
          assert.deepEqual([output, report?.exitCode], ['ran\n', 0]);
          assert.ok(failAt > 1, 'the tool was never called');
          break;
        }
        assert.deepEqual([report?.exitCode, output, existsSync(marker)], [125, '', false], `call ${failAt}`);
        if (report?.code === 'set-up') assert.match(report.message ?? '', /is broken/, `call ${failAt}`);
      }
    });
  }

  test('names the step that failed', async () => {
    const { report } = await runWrappedAs(userBy('user-namespace'), {
      toolFolders: [fakeTool('ip', 2).folder, ...TOOL_FOLDERS],
      argv: ['true'],
    });
    assert.equal(report?.code, 'set-up');
    assert.match(report?.message ?? '', /"network" failed \(ip is broken\)/);
  });

  test('W-con-1 says what is missing and how to mend it when neither way in is open', async () => {
    const fakes = openFolder('closed-');
    for (const tool of ['sudo', 'unshare']) publicFile(join(fakes, tool), '#!/bin/sh\nexit 1\n', 0o755);
    for (const user of users) {
      const { report, output } = await runWrappedAs(user, { toolFolders: [fakes, ...TOOL_FOLDERS], argv: ['echo', 'ran'] });
      assert.deepEqual([report?.code, report?.exitCode, output], ['no-entrance', 125, '']);
      assert.match(report?.message ?? '', /user namespaces are forbidden here.*apparmor_restrict_unprivileged_userns/);
    }
  });

  test('names every missing tool and its package', async () => {
    const { report } = await runWrappedAs(userBy('user-namespace'), { toolFolders: ['/bin/nowhere'], argv: ['true'] });
    assert.equal(report?.code, 'tool-missing');
    assert.match(report?.message ?? '', /ip \(Debian package iproute2\).*unshare \(Debian package util-linux\)/);
  });

  for (const user of users) {
    test(`ends the set-up when a signal comes in it, as ${user.label}`, async () => {
      const fake = openFolder('slow-');
      publicFile(join(fake, 'mount'), `#!/bin/bash\necho >${fake}/reached\nexec sleep 1000\n`, 0o755);
      const watcher = watch(fake);
      const { report, output } = await runWrappedAs(
        user,
        { toolFolders: [fake, ...TOOL_FOLDERS], argv: ['echo', 'ran'] },
        { onStart: (child) => watcher.once('change', () => child.kill('SIGTERM')) },
      );
      watcher.close();
      assert.deepEqual([report?.kind, report?.exitCode, output], ['signalled', 143, '']);
    });
  }
});
