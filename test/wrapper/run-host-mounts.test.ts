import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { makeJobPlace } from './job-place.ts';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/** Machines with more mounts than one: only the superuser can make them for a test, and does it where nobody else sees. */
const users = process.getuid?.() === 0 ? testUsers() : [];

for (const user of users) {
  describe(`runWrapped() as ${user.label}, on a host with mounts,`, () => {
    const { files, workspace, home, at, remove } = makeJobPlace(user);
    after(remove);
    const run = async (mounts: string, text: string) => {
      const ran = await runWrappedAs(user, { files, argv: script(text) }, { mounts });
      assert.equal(ran.report?.kind, 'exited', ran.errors);
      return ran.output.replaceAll(/^cat: .*\n/gm, '');
    };
    const tmpfs = (path: string, ...options: string[]): string =>
      `mkdir -p '${path}'; mount -t tmpfs -o ${['mode=1777', ...options].join(',')} x '${path}'; echo nested >'${path}/file'; chown ${user.uid}:${user.gid} '${path}/file';`;
    const write = (path: string): string =>
      `cat '${path}/file'; (echo more >'${path}/new') 2>/dev/null && echo wrote; (echo more >'${path}/file') 2>/dev/null && echo changed;`;

    for (const [name, path, output] of [
      ['in the workspace, and lets it be written', `${workspace}/deep/cache`, 'nested\nwrote\nchanged\n'],
      ['in a layered folder, to read', `${home}/deep/cache`, 'nested\n'],
      ['in what is protected, to read', `${workspace}/.github/cache`, 'nested\n'],
      ['outside, to read', '/opt/duty-gate-test-mount', 'nested\n'],
      ['whose name is odd', `${workspace}/a b\\134 #x`, 'nested\nwrote\nchanged\n'],
      ['that is a layered folder itself', at('tools'), 'nested\nwrote\nchanged\n'],
      ['that is the workspace itself', workspace, 'nested\nwrote\nchanged\n'],
      ['that is the folder for layers', at('layers'), ''],
    ] as const) {
      test(`R17 shows a mount ${name}`, async () => {
        const needs = `mkdir -p ${workspace}/.git/hooks ${workspace}/.github; touch ${workspace}/action.yml; chown -R ${user.uid}:${user.gid} ${at('layers')}`;
        const cleared = path.startsWith('/opt/') ? `mkdir -p /run/duty-gate-test-opt; mount --bind /run/duty-gate-test-opt /opt;` : '';
        assert.equal(await run(`${cleared}${tmpfs(path)}${needs}`, `${write(path)} true`), output);
      });
    }

    test('R15 keeps interfaces of the kernel read-only wherever they are mounted', async () => {
      const folder = `${workspace}/kernel`;
      const mounts = `mkdir -p ${folder}/sys ${folder}/proc ${folder}/dev; mount -t sysfs x ${folder}/sys; mount -t proc x ${folder}/proc; mount -t devtmpfs x ${folder}/dev`;
      const output = await run(
        mounts,
        `cd ${folder}; (echo 1 >proc/sys/vm/drop_caches) 2>/dev/null && echo proc; (echo x >sys/kernel/uevent_helper) 2>/dev/null && echo sys
        (echo x >dev/duty-gate-new) 2>/dev/null && echo dev; (: <dev/zero) 2>/dev/null && echo opened; (: >proc/self/comm) 2>/dev/null && echo comm; true`,
      );
      assert.equal(output, '');
    });

    test('is not stopped by mounts that nothing reaches, and leaves none of them open', async () => {
      const mounts = `mkdir -p /run/duty-gate-test-mnt; mount --bind /run/duty-gate-test-mnt /mnt
        ${tmpfs('/mnt/a')} ${tmpfs('/mnt/a/b')} ${tmpfs('/mnt/a')} ${tmpfs('/mnt/c')} ${tmpfs('/mnt/c')}
        ${tmpfs('/mnt/closed')} ${tmpfs('/mnt/closed/in')} chown 12345 /mnt/closed; chmod 700 /mnt/closed`;
      const output = await run(mounts, `${write('/mnt/a')} ${write('/mnt/c')} ${write('/mnt/closed/in')} true`);
      assert.equal(output, 'nested\nnested\n');
    });

    test('gives back flags that the kernel has locked', async () => {
      const mounts = `${tmpfs(`${workspace}/locked`, 'noexec', 'noatime', 'nosuid')} cp /usr/bin/true ${workspace}/locked; chmod 755 ${workspace}/locked/true`;
      assert.equal(await run(mounts, `cd ${workspace}/locked; echo x >new && cat new; ./true 2>/dev/null || echo refused`), 'x\nrefused\n');
    });

    test('R17 writes aside in memory, and says so, where the root is an overlay as in a container', async () => {
      const mounts = `mkdir -p /run/duty-gate-test-root; mount -t tmpfs x /run/duty-gate-test-root; cd /run/duty-gate-test-root; mkdir upper work root
        mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work x root; for f in dev proc sys; do mount --rbind /$f root/$f; done
        cd root; pivot_root . .; umount -l .; cd /`;
      const text = `echo own >${home}/aside; cat ${home}/aside; stat -c '%u %a' ${home}; echo kept >${workspace}/in-container && cat ${workspace}/in-container; (echo x >/etc/x) 2>/dev/null && echo wrote; true`;
      const { output, errors, report } = await runWrappedAs(user, { files, argv: script(text) }, { mounts });
      assert.equal(report?.kind, 'exited', errors);
      assert.equal(output, `own\n${user.uid} 755\nkept\n`);
      assert.match(errors, /duty-gate: what is written in .* ends with this cage, and is not kept in .*layers: its file system/);
    });
  });
}
