import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { publicFile, testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

const users = testUsers();

for (const user of users) {
  describe(`runWrapped() as ${user.label}`, () => {
    const folder = mkdtempSync('/tmp/duty-gate-run-');
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const [name, argv, exitCode] of [
      ['the command succeeds', ['true'], 0],
      ['the command fails', script('exit 7'), 7],
      ['the command uses our own codes', script('exit 125'), 125],
      ['a signal ends the command', script('kill -TERM $$'), 143],
      ['SIGKILL ends the command', script('kill -KILL $$'), 137],
      ['SIGINT ends the command', script('kill -INT $$'), 130],
      ['there is no such command', ['no-such-command-here'], 127],
      ['the command is no program', ['/etc/passwd'], 126],
    ] as const) {
      test(`gives the shell's exit code when ${name}`, async () => {
        const { report, errors } = await runWrappedAs(user, { argv });
        assert.deepEqual([report?.kind, report?.exitCode, report?.entrance], ['exited', exitCode, user.entrance], errors);
      });
    }

    test('runs a command whose name has an equals sign', async () => {
      const { readable, path } = { readable: 0o755, path: join(folder, `a=b-${user.uid}`) };
      publicFile(path, '#!/bin/sh\necho ran "$1"\n', readable);
      chmodPublic(folder);
      const { output } = await runWrappedAs(user, { argv: [path, 'x y'] });
      assert.equal(output, 'ran x y\n');
    });

    test('hands standard input over byte for byte', async () => {
      const stdin = randomBytes(1024 * 1024);
      const { output } = await runWrappedAs(user, { argv: ['sha256sum'] }, { stdin });
      assert.equal(output.split(' ')[0], createHash('sha256').update(stdin).digest('hex'));
    });

    for (const stdin of ['closed', 'nothing'] as const) {
      test(`gives the command an empty input when ours is ${stdin}`, async () => {
        const { output } = await runWrappedAs(user, { argv: script('cat; readlink /proc/self/fd/0') }, { stdin });
        assert.equal(output, '/dev/null\n');
      });
    }

    test('changes nothing in the environment but the named list', async () => {
      const env = [
        'BASH_FUNC_greet%%=() {  echo "hello $1"\n}',
        'LINES_OF=one\ntwo',
        'a.b=dotted',
        'ACTIONS_RUNTIME_TOKEN=t',
        'DUTY_GATE_X=y',
        'RUNNER_TRACKING_ID=r',
      ];
      const { output } = await runWrappedAs(user, { argv: script('greet you; env -0 | sort -z | tr "\\0" "|"') }, { env });
      const [greeting, ...rest] = output.split('\n');
      assert.equal(greeting, 'hello you');
      const entries = rest.join('\n').split('|');
      for (const entry of [
        'LINES_OF=one\ntwo',
        'a.b=dotted',
        'RUNNER_TRACKING_ID=r',
        'TERM=dumb',
        'PAGER=cat',
        'PGSSLROOTCERT=/run/duty-gate/ca.pem',
      ]) {
        assert.ok(entries.includes(entry), `${entry} in ${output}`);
      }
      assert.doesNotMatch(output, /ACTIONS_RUNTIME_TOKEN|DUTY_GATE_|SUDO_/);
    });

    test('R22 lets loaders of the environment act on the command alone', async () => {
      const file = join(folder, `loader-${user.uid}`);
      const trace = publicFile(join(folder, `startup-${user.uid}.sh`), `echo "$0 $$" >>${file}\n`, 0o644);
      chmodPublic(folder, 0o777);
      await runWrappedAs(user, { argv: ['bash', '-c', 'true', 'the-command'] }, { env: [`BASH_ENV=${trace}`, `ENV=${trace}`] });
      assert.match(readFileSync(file, 'utf8'), /^the-command \d+\n$/);
    });

    test('prints to a terminal that does not turn line ends into two bytes', async () => {
      const { output } = await runWrappedAs(user, { argv: script('test -t 1 && test -t 2 && ! test -t 0 && echo yes; stty size <&1') });
      assert.equal(output, 'yes\n40 120\n');
    });

    test('keeps umask, folder and ids', async () => {
      const { output } = await runWrappedAs(user, { argv: script('umask; pwd; id -u; id -g'), cwd: '/usr/lib' });
      assert.deepEqual(output.trim().split('\n'), ['0022', '/usr/lib', String(user.uid), String(user.gid)]);
    });

    test('keeps a background job alive while the command runs, and ends it afterwards', async () => {
      const { output, report } = await runWrappedAs(user, {
        argv: script('sleep 1000 & child=$!; (exit 3); kill -0 $child && echo alive'),
      });
      assert.equal(output, 'alive\n');
      assert.equal(report?.exitCode, 0);
    });

    test('waits for the last words of a child that outlives the command', async () => {
      const { output } = await runWrappedAs(user, { argv: script('exec > >(read -r line; sleep 0.2; echo "got $line"); echo words') });
      assert.equal(output, 'got words\n');
    });

    test('gives the command no rights, no way back and another PID 1', async () => {
      const { output } = await runWrappedAs(user, {
        argv: script(
          'grep -E "^(Cap|NoNew)" /proc/self/status | cut -f2 | tr "\\n" " "; [ $$ != 1 ] && echo not-init; kill -KILL 1; kill -0 1 2>&1 | grep -c x; ls /proc/self/fd | tr "\\n" " "',
        ),
      });
      const zero = '0000000000000000';
      assert.match(output, new RegExp(`^${`${zero} `.repeat(5)}1 not-init\n`));
      assert.match(output, /0 1 2 3 $/);
    });

    test('R20 reaches targets at their addresses and names and nothing else', async () => {
      const targets = [
        { name: 'orders-db', host: 'db.internal', port: 5432, names: ['orders.internal'], hostAddresses: ['10.1.2.3', '2001:db8::7'] },
      ];
      const { output } = await runWrappedAs(user, {
        targets,
        argv: script(`
          ask() { local answer; answer=$( (cat <"/dev/tcp/$1/$2") 2>/dev/null) || answer=refused; echo "$1 $2 $answer"; }
          for at in db.internal DB.Internal orders.internal orders-db.duty-gate 198.18.1.1 10.1.2.3 2001:db8::7; do ask $at 5432; done
          ask db.internal 5433; ask 198.18.1.2 5432; ask 127.0.0.1 5432; ask ::1 5432; ask 1.1.1.1 443; ask nowhere.example 5432`),
      });
      const own = 'orders-db 198.18.1.1';
      assert.deepEqual(output.trim().split('\n'), [
        `db.internal 5432 ${own}`,
        `DB.Internal 5432 ${own}`,
        `orders.internal 5432 ${own}`,
        `orders-db.duty-gate 5432 ${own}`,
        `198.18.1.1 5432 ${own}`,
        '10.1.2.3 5432 orders-db 10.1.2.3',
        '2001:db8::7 5432 orders-db 2001:db8::7',
        'db.internal 5433 refused',
        '198.18.1.2 5432 refused',
        '127.0.0.1 5432 refused',
        '::1 5432 refused',
        '1.1.1.1 443 refused',
        'nowhere.example 5432 refused',
      ]);
    });

    test("R20 leaves the step's own server on a target's port alone", async () => {
      const server = `require('net').createServer(s => s.end('own')).listen(5432, '127.0.0.1', () => {
        const ask = (host, next) => require('net').connect(5432, host).on('data', d => console.log(String(d).trim())).on('close', next);
        ask('127.0.0.1', () => ask('db.internal', () => process.exit()));
      })`;
      const targets = [{ name: 'db', host: 'db.internal', port: 5432, names: [], hostAddresses: [] }];
      const { output } = await runWrappedAs(user, { targets, argv: [process.execPath, '-e', server] });
      assert.equal(output, 'own\ndb 198.18.1.1\n');
    });

    test('sends no datagram out', async () => {
      const { createSocket } = await import('node:dgram');
      const outside = createSocket('udp4');
      const heard: string[] = [];
      outside.on('message', (message) => heard.push(String(message)));
      await new Promise<void>((resolve) => outside.bind(0, '0.0.0.0', resolve));
      const { port } = outside.address();
      const { output } = await runWrappedAs(user, {
        argv: script(`for at in 127.0.0.1 10.255.255.1; do (echo out >/dev/udp/$at/${port}) 2>/dev/null; done; echo sent`),
      });
      outside.close();
      assert.deepEqual([output, heard], ['sent\n', []]);
    });

    test('P5 keeps secrets, session and evidence out of sight', async () => {
      const own = mkdtempSync('/tmp/duty-gate-hide-');
      chmodPublic(own, 0o777);
      const secrets = publicFile(join(own, 'secrets.yaml'), 'DB: hunter2-the-secret\n', 0o644);
      const evidence = join(own, 'evidence');
      mkdirPublic(evidence);
      publicFile(join(evidence, 'audit.jsonl'), 'hunter2-the-secret', 0o644);
      const { output } = await runWrappedAs(user, {
        hide: [secrets, evidence],
        argv: script(`
          cd ${own}; wc -c <secrets.yaml; ls -A evidence; touch evidence/x 2>/dev/null && echo wrote; echo x 2>/dev/null >secrets.yaml && echo wrote
          rm -rf evidence secrets.yaml 2>/dev/null; mv evidence elsewhere 2>/dev/null; mv secrets.yaml elsewhere 2>/dev/null; umount evidence 2>/dev/null
          session=$(grep -o "/tmp/duty-gate-test-[^ ]*" /proc/self/mounts); test -d "$session" && ls -A evidence "$session/" | grep -v :
          for root in /proc/[0-9]*/root /proc/[0-9]*/cwd; do cat "$root${own}/secrets.yaml" "$root${own}/evidence/audit.jsonl"; done 2>/dev/null
          cat secrets.yaml /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep 'hunte[r]2'; echo done`),
      });
      rmSync(own, { recursive: true });
      assert.equal(output, '0\n\ndone\n');
    });

    test('R15 keeps what only the superuser may touch from a caged one', async () => {
      const { output } = await runWrappedAs(user, {
        argv: script(`
          for file in /proc/sys/kernel/core_pattern /proc/sys/vm/swappiness /proc/sysrq-trigger /proc/irq/default_smp_affinity /sys/kernel/mm/transparent_hugepage/enabled; do
            [ -e $file ] || continue; (echo x >$file) 2>/dev/null && echo "wrote $file"
          done
          find /sys/fs/cgroup -name cgroup.procs 2>/dev/null | head -3 | while read -r f; do (echo $$ >$f) 2>/dev/null && echo "wrote $f"; done
          find /dev -type b | head; mknod /dev/mem1 b 7 0 2>/dev/null && echo made; ls /dev | tr '\\n' ' '`),
      });
      assert.equal(output, 'console fd full null ptmx pts random shm stderr stdin stdout tty urandom zero ');
    });

    test('gives the command pseudoterminals and shared memory of its own', async () => {
      const { output } = await runWrappedAs(user, {
        argv: script('script -qc "tty" /dev/null | tr -d "\\r"; ls -A /dev/shm | wc -l; echo x >/dev/shm/y && rm /dev/shm/y && echo ok'),
      });
      assert.equal(output, '/dev/pts/0\n0\nok\n');
    });
  });
}

function chmodPublic(path: string, mode = 0o755): void {
  chmodSync(path, mode);
  assert.ok(existsSync(path));
}

function mkdirPublic(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o777);
}
