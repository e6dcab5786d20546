import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { TOOL_FOLDERS } from '#wrapper/tools.ts';
import { makeJobPlace } from './job-place.ts';
import { removeAs } from './remove-as.ts';
import { publicFile, testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

/** What a wrapped command may write (R15, R17, R19), in both ways into a cage: each test is an attempt. */

/** Tries to write each, by every way a shell has, and names what it could. */
const TRY = `
into() { (echo pwned >"$1/new") || mkdir "$1/new" || ln -s x "$1/new" || mkfifo "$1/new" || rmdir "$1" || chmod 777 "$1"; }
over() { (echo pwned >>"$1") || (echo pwned >"$1") || (exec 7<>"$1") || rm "$1" || chmod 777 "$1" || touch -d 2001-01-01 "$1"; }
try() { for f; do { if [ -d "$f" ]; then into "$f"; else over "$f"; fi; } 2>/dev/null && echo "wrote $f"; done; true; }
# rename(2) alone: mv(1) would copy.
rename() { ${process.execPath} -e 'try { fs.renameSync(process.argv[1], process.argv[2]); console.log("moved", process.argv[1]) } catch (e) { console.log(e.code) }' "$@"; }`;

const OUTSIDE = [
  '/etc/passwd',
  '/etc',
  '/usr/local/bin/duty-gate',
  '/usr/bin/env',
  '/bin/sh',
  '/var/lib',
  '/opt',

  process.execPath,
];
const IS_ROOT = process.getuid?.() === 0;

for (const user of testUsers()) {
  describe(`runWrapped() as ${user.label}, for what a command may write,`, () => {
    const place = makeJobPlace(user);
    const { files, workspace, home, temp, at } = place;
    after(() => place.remove());
    const run = async (text: string, more: object = {}) => {
      const ran = await runWrappedAs(user, { files, hide: [at('evidence')], argv: script(`${TRY}\n${text}`), ...more });
      assert.equal(ran.report?.kind, 'exited', ran.errors);
      return ran.output;
    };
    const host = (path: string): string => readFileSync(at(path), 'utf8');
    const ws = 'home/work/repo/repo';
    const protectedFiles = [`${ws}/.git/hooks/pre-commit`, `${ws}/.github/workflows/ci.yml`, `${ws}/action.yml`];

    test('R17 leaves the workspace to it, and the host sees what it writes there', async () => {
      assert.equal(
        await run(`cd ${workspace} && mkdir made && echo new >made/file && echo more >>README && rm -f .git/config && cat README`),
        'host\nmore\n',
      );
      assert.equal(host(`${ws}/made/file`), 'new\n');
      assert.ok(!existsSync(at(`${ws}/.git/config`)));
    });

    test('R15 leaves nothing of the system to it', async () => {
      assert.equal(await run(`try ${OUTSIDE.join(' ')}; cd /etc && try passwd; try ${at('other')} ${at('')}`), '');
      assert.ok(!existsSync('/usr/local/bin/duty-gate.new'));
    });

    test('R17 leaves nothing protected to it, nor what leads there', async () => {
      const output = await run(`
        cd ${workspace}
        try .git/hooks/pre-commit .git/hooks .github/workflows/ci.yml .github/workflows .github action.yml
        for f in .git .github .git/hooks action.yml; do rename $f gone; done
        rename ${workspace} ${workspace}2; rename ${home}/work ${home}/work2; rename ${home}/work/repo ${home}/r
        rm -rf .git .github action.yml 2>/dev/null
        mkdir -p .github/workflows && echo pwned >.github/workflows/ci.yml
        ln .github/workflows/ci.yml link && echo pwned >>link
        ln action.yml link && echo pwned >>link
        ln -sf .github/workflows/ci.yml link && echo pwned >>link
        echo pwned >/proc/self/cwd/action.yml; exec 7<action.yml; echo pwned >/proc/self/fd/7
        true`);
      assert.deepEqual(
        output.split('\n').filter((line) => /^(wrote|moved)/.test(line)),
        [],
      );
      for (const path of protectedFiles) assert.equal(host(path), 'host\n', path);
      rmSync(at(`${ws}/link`), { force: true });
    });

    test('R15 gives it no way to change mounts, in a user namespace of its own either', async () => {
      const attempts = `
        cd ${workspace}
        for at in / /etc /usr ${home} ${workspace}/.github ${at('evidence')} /run /proc/sys; do
          mount -o remount,rw $at; mount -o remount,bind,rw $at; umount $at; umount -l $at
        done
        mount --bind ${workspace} /etc; mount -t tmpfs x /etc; mount --rbind / ${workspace}/made; mount -t overlay -o lowerdir=/etc,upperdir=made,workdir=made x /etc
        mkdir -p made/m; mount --bind ${at('')} made/m; cat made/m/evidence/audit.jsonl; mount -t overlay -o lowerdir=${at('')}:/opt x made/m; cat made/m/evidence/audit.jsonl
        mount --make-rshared /; mount --bind ${workspace}/.github .github; mount --move ${workspace}/.github made`;
      const writes = `for f in /etc/duty-gate-pwned /usr/bin/duty-gate-pwned .github/pwned .git/hooks/pwned; do echo pwned >$f; done; cat ${at('evidence')}/audit.jsonl`;
      const nested = `unshare --user --map-root-user --mount --propagation private bash -c '${attempts}\n true'`;
      const writing = `unshare --user --map-root-user --mount bash -c '${attempts}\n${writes.replace('/etc/duty-gate-pwned', '')}'`;
      const output = await run(`( ${attempts}\n${nested}\n${writes}\n${writing} ) 2>/dev/null; true`);
      assert.equal(output, '');
      for (const path of ['/etc/duty-gate-pwned', '/usr/bin/duty-gate-pwned', at(`${ws}/.github/pwned`), at(`${ws}/.git/hooks/pwned`)]) {
        assert.ok(!existsSync(path), path);
      }
    });

    test('R15 shows it no other tree by /proc', async () => {
      const output = await run(`
        for root in /proc/[0-9]*/root /proc/[0-9]*/cwd /proc/self/root /proc/1/root /proc/1/cwd; do
          try $root/etc/duty-gate-pwned $root${workspace}/.github/workflows/ci.yml $root/run/duty-gate-aside $root${at('layers')}
          cat $root${at('evidence')}/audit.jsonl 2>/dev/null; ls -A $root/run/duty-gate-aside $root${at('layers')} 2>/dev/null | grep -v :
        done; for f in /proc/1/fd/0 /proc/1/fd/1 /proc/1/fd/2 /proc/1/mem; do (echo pwned >$f) 2>/dev/null && echo $f; done; true`);
      assert.deepEqual(
        output.split('\n').filter((line) => line !== ''),
        [],
      );
    });

    test('R17 keeps what it writes in its home for later commands of the job alone', async () => {
      assert.equal(
        await run(`
          cd ${home} && echo changed >>.bashrc && rm -rf deep && mkdir deep && echo own >deep/own && echo new >new && chmod 600 new
          echo x >${temp}/later; echo x >${at('tools')}/tool; rm ${at('tools')}/node; cat .bashrc`),
        'host\nchanged\n',
      );
      assert.deepEqual([host('home/.bashrc'), host('home/deep/er/file'), host('tools/node')], ['host\n', 'host\n', 'host\n']);
      for (const path of ['home/new', 'home/work/_temp/later', 'tools/tool', 'home/deep/own']) assert.ok(!existsSync(at(path)), path);
      const output = await run(
        `cd ${home}; cat .bashrc new deep/own; ls deep; stat -c %a new; ls ${temp}/later ${at('tools')}; cat ${workspace}/made/file`,
      );
      assert.equal(output, `host\nchanged\nnew\nown\nown\n600\n${temp}/later\n\n${at('tools')}:\ntool\nnew\n`);
    });

    test('R17 forgets it with the command where the plan keeps no layers', async () => {
      const alone = { files: { ...files, layersFolder: null } };
      assert.equal(await run(`echo once >${home}/once; cat ${home}/once; stat -c '%U %a' ${home}`, alone), `once\n${user.name} 755\n`);
      assert.equal(await run(`ls ${home}/once 2>/dev/null; true`, alone), '');
      assert.ok(!existsSync(at('home/once')));
    });

    test('R17 says so, and goes on, where the folder for layers holds none', async () => {
      const fakes = mkdtempSync('/tmp/duty-gate-probe-');
      chmodSync(fakes, 0o755);
      publicFile(join(fakes, 'mount'), '#!/bin/bash\n[[ " $* " != *" duty-gate-probe "* ]] || exit 32\nexec /bin/mount "$@"\n', 0o755);
      const more = { toolFolders: [fakes, ...TOOL_FOLDERS] };
      const { output, errors } = await runWrappedAs(user, {
        files,
        argv: script(`echo once >${home}/once && cat ${home}/once; ls ${home}/new`),
        ...more,
      });
      rmSync(fakes, { recursive: true });
      assert.equal(output, `once\nls: cannot access '${home}/new': No such file or directory\n`);
      assert.match(errors, /duty-gate: what is written in .*home.* ends with this cage, .*: its file system/);
    });

    test('R17 makes its folders on the way to what is mounted in its home immovable', async () => {
      const output = await run(`
        cd ${home}; for f in work work/repo work/_temp; do rename $f gone; rmdir $f 2>/dev/null && echo removed; done
        mkdir -p work/other && rename work/other work/another && ls -1 work; rm -rf work/another`);
      assert.equal(output, 'EBUSY\nEXDEV\nEXDEV\nmoved work/other\n_temp\nanother\nrepo\n');
    });

    test('P8 runs nothing where an earlier layer leads a point elsewhere', async () => {
      const own = makeJobPlace(user);
      const layered = { files: own.files, argv: script('echo ran') };
      assert.equal((await runWrappedAs(user, layered)).output, 'ran\n');
      // All that is looked for is there, behind a link.
      cpSync(own.at('home/work'), own.at('decoy'), { recursive: true });
      const uppers = readdirSync(own.at('layers')).map((name) => own.at(`layers/${name}/upper`));
      for (const upper of uppers) {
        rmSync(join(upper, 'work'), { recursive: true, force: true });
        symlinkSync(own.at('decoy'), join(upper, 'work'));
      }
      const { report, output } = await runWrappedAs(user, layered);
      own.remove();
      assert.deepEqual([report?.code, report?.exitCode, output], ['set-up', 125, '']);
      assert.match(report?.message ?? '', /has no mount of its own/);
    });

    test('R19 refuses a path socket through an overlay', async (t) => {
      await listen(t, at('home/agent.sock'));
      const connect = `require('net').connect('${at('home/agent.sock')}').on('data', d => console.log(String(d))).on('error', e => console.log(e.code))`;
      const { output } = await runWrappedAs(user, { files, argv: [process.execPath, '-e', connect] });
      assert.equal(output, 'ECONNREFUSED\n');
    });

    test('R19 hides path sockets of the host wherever a connect would get through', async (t) => {
      mkdirSync(at(`${ws}/tmux`));
      const paths = [`${ws}/agent.sock`, `${ws}/tmux/default`, 'alone.sock'].map(at);
      for (const path of paths) await listen(t, path);
      const connect = `process.argv.slice(1).forEach(p => require('net').connect(p).on('data', d => console.log(p)).on('error', e => 0))`;
      const output = await run(`
        ${process.execPath} -e "${connect}" ${paths.join(' ')} /proc/self/root${paths[0]}
        cd ${workspace}; for f in agent.sock tmux; do rename $f gone; done; rm -rf agent.sock tmux 2>/dev/null; ls -A tmux`);
      assert.equal(output, 'EBUSY\nEBUSY\n');
    });

    test('R17 honours no set-user-id program, its own either', async () => {
      const output = await run(`
        cd ${workspace}; cp /usr/bin/id setuid-id; chmod 6755 setuid-id
        unshare --user true 2>/dev/null && echo namespace; ./setuid-id -u; cp /usr/bin/id ${home}/setuid-id; chmod 6755 ${home}/setuid-id; ${home}/setuid-id -u
        sudo -n id 2>/dev/null; su -c id 2>/dev/null </dev/null
        while read -r _ _ _ _ point options _; do [[ ,$options, = *,nosuid,* || $point = /dev* || $point = /proc || $point = /run/duty-gate-aside/* ]] || echo "$point"; done </proc/self/mountinfo; true`);
      assert.equal(output, `${user.uid}\n${user.uid}\n`);
    });

    test('R15 opens no device, made inside or found', async () => {
      const found = at(`${ws}/device`);
      if (IS_ROOT) assert.equal(spawnSync('mknod', ['-m', '666', found, 'c', '1', '5']).status, 0);
      const output = await run(`
        cd ${workspace}; for p in . ${home} ${temp} /run/user/$UID /dev/shm /tmp; do mknod $p/b b 7 0 2>/dev/null && echo made; mknod $p/c c 1 5 2>/dev/null && echo made; done
        head -c1 device 2>/dev/null | wc -c; chmod 600 /dev/full /dev/tty 2>/dev/null && echo closed; touch -d 2001-01-01 /dev/full 2>/dev/null && echo touched
        echo x >/dev/null && head -c2 /dev/zero | wc -c; echo y >/dev/console`);
      assert.equal(output, '0\n2\ny\n');
      assert.equal(statSync('/dev/full').mode & 0o777, 0o666);
    });

    test('R18 gives it what the wrapper binds in place of the real files', async () => {
      const target = join(temp, '_runner_file_commands');
      const source = mkdtempSync('/tmp/duty-gate-bind-');
      writeFileSync(join(source, 'set_env_1'), '');
      chmodSync(source, 0o777);
      chmodSync(join(source, 'set_env_1'), 0o666);
      const output = await run(
        `cd ${temp}; echo A=1 >>_runner_file_commands/set_env_1; rename _runner_file_commands gone; rmdir _runner_file_commands 2>/dev/null; ls`,
        {
          binds: [{ source, target }],
          hide: [source],
        },
      );
      assert.match(output, /^EBUSY\n_runner_file_commands\b/);
      assert.deepEqual(
        [readFileSync(join(source, 'set_env_1'), 'utf8'), host('home/work/_temp/_runner_file_commands/set_env_1')],
        ['A=1\n', ''],
      );
      rmSync(source, { recursive: true });
    });

    test('leaves layers that their user can take away, as the action does', async () => {
      await run(`cd ${home}; mkdir -p d/e && chmod 555 d/e && rm -rf deep .bashrc; mkdir deep`);
      removeAs(user, at('layers'));
      assert.deepEqual(existsSync(at('layers')) ? readdirSync(at('layers')) : [], []);
      mkdirSync(at('layers'), { recursive: true });
      if (IS_ROOT) chownSync(at('layers'), user.uid, user.gid);
    });

    test('P8 runs nothing where a path of the plan is gone or a link', async () => {
      for (const bad of [{ protected: [at('no')] }, { writable: [at('no')] }, { layered: [at('home'), at('no')] }]) {
        const { report } = await runWrappedAs(user, { files: { ...files, ...bad }, argv: ['true'] });
        assert.equal(report?.code, 'set-up');
      }
    });
  });
}

/** A program outside that serves whoever reaches it. */
async function listen(t: TestContext, path: string): Promise<void> {
  const server = createServer((socket) => socket.end('host'));
  t.after(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o777);
}
