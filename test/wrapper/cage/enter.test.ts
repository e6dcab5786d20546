import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { cageProgram } from '#wrapper/cage-program.ts';
import { openTerminal, type Terminal } from '#wrapper/pty.ts';
import { startFile } from '#wrapper/start-file.ts';

const scratch = mkdtempSync(join(tmpdir(), 'duty-gate-enter-'));
after(() => rmSync(scratch, { recursive: true }));
const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];

type Standing = { readonly child: ChildProcess; readonly pid: number; readonly inode: string; readonly life: Socket };

/** Namespaces with the program as their init, as a cage has; what is mounted there first is `mounts`. */
async function stand(t: TestContext, mounts = 'true'): Promise<Standing> {
  const program = cageProgram();
  const text = `${mounts}; echo up; exec ${program} hold <&1`;
  const namespaces = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--ipc', '--uts'];
  const child = spawn('unshare', [...namespaces, 'bash', '-ec', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]);
  while (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('\0hold')) await new Promise((resolve) => setImmediate(resolve));
  return { child, pid, inode: String(statSync(`/proc/${pid}/ns/net`).ino), life: child.stdout as unknown as Socket };
}

async function end({ child, life }: Standing): Promise<void> {
  const closed = once(child, 'close');
  life.destroy();
  await closed;
}

type Entered = {
  readonly orders: Socket;
  /** All that the command has printed until its terminal's end; the status lines. */
  readonly result: Promise<{ output: string; said: string; status: number | null }>;
  readonly printed: (text: string) => Promise<void>;
};

function enter({ pid, inode }: Pick<Standing, 'pid' | 'inode'>, argv: readonly string[], interactive = false): Entered {
  const terminal: Terminal = openTerminal(80, 24);
  const path = join(mkdtempSync(join(scratch, 'start-')), 'start');
  const environment = [Buffer.from('PATH=/usr/bin:/bin')];
  writeFileSync(
    path,
    startFile({ entrance: 'user-namespace', uid, gid, umask: 0o22, limits: [], hides: [], interactive, cwd: '/', argv, environment }),
  );
  const words = ['enter', String(pid), inode, path, terminal.path, interactive ? '1' : '0'];
  const child = spawn(cageProgram(), words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const orders = child.stderr as unknown as Socket;
  let [output, said] = ['', ''];
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  terminal.output.on('data', (chunk: Buffer) => {
    output += chunk.toString('latin1');
    for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
  });
  terminal.output.on('error', () => undefined);
  orders.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
    if (said.includes('\n')) terminal.closeSlave();
  });
  const closed = once(child, 'close');
  const result = closed.then(async ([status]) => {
    assert.equal(existsSync(path) && said.includes('@started'), false, 'the start file is still there');
    await new Promise((resolve) => setTimeout(resolve, 20));
    terminal.close();
    return { output, said, status };
  });
  return { orders, result, printed: (text) => new Promise((resolve) => waiting.push({ text, resolve })) };
}

const bash = (text: string): readonly string[] => ['bash', '-c', text];

describe('enter', () => {
  test('starts a command in every namespace of the cage, and tells its end', async (t) => {
    const cage = await stand(t, 'hostname caged');
    const names = ['user', 'net', 'pid', 'mnt', 'ipc', 'uts'];
    const list = names.map((name) => `/proc/self/ns/${name}`).join(' ');
    const { output, said, status } = await enter(cage, bash(`uname -n; readlink ${list}; exit 7`)).result;
    assert.deepEqual([said, status], ['@started\n@exit 7\n', 7]);
    const [hostname, ...inside] = output.trim().split('\n');
    assert.equal(hostname, 'caged');
    const ofCage = names.map((name) => readlinkSync(`/proc/${cage.pid}/ns/${name}`));
    assert.deepEqual(inside.slice(1), ofCage.slice(1));
    // One of its own below the cage's, so that what it may do there is nothing.
    assert.notEqual(inside[0], ofCage[0]);
  });

  test('runs several commands in one cage, and lets one find what another left running', async (t) => {
    const cage = await stand(t);
    const first = await enter(cage, bash('sleep 1000 & echo left')).result;
    assert.equal(first.said, '@started\n@exit 0\n');
    const second = await enter(cage, bash('pgrep -x sleep | wc -l')).result;
    assert.equal(second.output, '1\n');
  });

  test('P8 starts nothing in another cage that has the pid now, nor where there is none', async (t) => {
    const cage = await stand(t);
    for (const place of [
      { pid: cage.pid, inode: '1' },
      { pid: process.pid, inode: cage.inode },
      { pid: 2 ** 22 + 1, inode: cage.inode },
    ]) {
      const { output, said, status } = await enter(place, bash('echo ran')).result;
      assert.deepEqual([output, status], ['', 125]);
      assert.match(said, /^@fail cage: No such (process|file or directory)\n$/);
    }
  });

  test('passes signals on: ^C to the whole group, others to the command alone', async (t) => {
    const cage = await stand(t);
    const child = `bash -c 'trap "echo child INT; exit" INT; trap "echo child TERM" TERM; echo ready; while :; do sleep 0.01; done'`;
    const interrupted = enter(cage, bash(`trap 'echo INT' INT; ${child}; echo`));
    await interrupted.printed('ready');
    interrupted.orders.write('signal INT\n');
    const { output } = await interrupted.result;
    assert.match(output, /child INT/);
    assert.match(output, /^INT$/m);
    const terminated = enter(cage, bash(`trap 'echo TERM; exit 5' TERM; ${child} & wait`));
    await terminated.printed('ready');
    terminated.orders.write('nonsense\nsignal NOTHING\nsignal TERM\n');
    const ended = await terminated.result;
    assert.deepEqual([ended.status, /child TERM/.test(ended.output)], [5, false]);
  });

  for (const [name, order] of [
    ['told to kill', (orders: Socket) => void orders.write('kill\n')],
    ['orders end', (orders: Socket) => void orders.end()],
  ] as const) {
    test(`ends a command with all that is its own when ${name}, and nothing else`, async (t) => {
      const cage = await stand(t);
      await enter(cage, bash('setsid sleep 2001 & sleep 2002 & sleep 0.1')).result;
      // Nested, in groups of their own, orphaned, and deaf.
      const text = `trap '' TERM INT HUP; set -m; (sleep 1001; :) & bash -c '(sleep 1002 &)'; (setsid -f bash -c 'sleep 1003' &); set +m; setsid bash -c 'sleep 1004; :' & sleep 0.2; echo ready; sleep 1005; :`;
      const killed = enter(cage, bash(text));
      await killed.printed('ready');
      order(killed.orders);
      const { status, said } = await killed.result;
      assert.equal(status, 137);
      if (name === 'told to kill') assert.equal(said, '@started\n@exit 137\n');
      const left = await enter(cage, bash('pgrep -a -x sleep | cut -d" " -f3 | sort | tr "\\n" " "')).result;
      assert.equal(left.output, '1003 2001 2002 ');
    });
  }

  test('tells what signal a command ended by, as shells do', async (t) => {
    const cage = await stand(t);
    const { status, said } = await enter(cage, bash('kill -SEGV $$')).result;
    assert.deepEqual([status, said], [139, '@started\n@exit 139\n']);
  });

  test('gives a command at which nobody sits a terminal that passes bytes on, and one at which somebody does its keys', async (t) => {
    const cage = await stand(t);
    assert.equal((await enter(cage, ['printf', 'a\\nb\\n']).result).output, 'a\nb\n');
    const { output } = await enter(cage, bash('tty -s && echo here; (: </dev/tty) 2>/dev/null; echo b'), true).result;
    assert.equal(output, 'here\r\nb\r\n');
  });

  test('R17 shows what was written outside since, also under a name that a command missed before', async (t) => {
    const folder = mkdtempSync(join(scratch, 'layers-'));
    const made = `mkdir -p ${folder}/lower; cd ${folder}; mount -t tmpfs none /mnt; mkdir /mnt/u /mnt/w; mount -t overlay o -o lowerdir=lower,upperdir=/mnt/u,workdir=/mnt/w,userxattr lower`;
    const cage = await stand(t, made);
    const look = bash(`cat ${folder}/lower/file 2>/dev/null || echo missing`);
    assert.equal((await enter(cage, look).result).output, 'missing\n');
    writeFileSync(join(folder, 'lower', 'file'), 'written since\n');
    assert.equal((await enter(cage, look).result).output, 'written since\n');
  });
});

describe('hold', () => {
  test('ends everything inside as soon as nobody holds the cage', async (t) => {
    const cage = await stand(t);
    await enter(cage, bash('setsid -f sleep 3001; sleep 3002 & echo')).result;
    await end(cage);
    assert.equal(spawnSync('pgrep', ['-f', 'sleep 300[12]']).status, 1);
  });

  test('reaps what others leave, and keeps no descriptor but the one it is held by', async (t) => {
    const cage = await stand(t);
    const { output } = await enter(cage, bash('for i in {1..20}; do (sleep 0.01 &); done; sleep 0.2; ps -o stat= -e | grep -c Z')).result;
    assert.equal(output, '0\n');
    assert.deepEqual(readdirSync(`/proc/${cage.pid}/fd`), ['0']);
  });

  test('heeds no signal from inside', async (t) => {
    const cage = await stand(t);
    const { output } = await enter(cage, bash('kill -TERM 1; kill -KILL 1; kill -CHLD 1; sleep 0.05; kill -0 1 2>&1; echo alive')).result;
    assert.match(output, /alive\n$/);
  });
});
