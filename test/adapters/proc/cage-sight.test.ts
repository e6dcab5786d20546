import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { lookIntoCage } from '#adapters/proc/cage-sight.ts';
import type { CageSight } from '#core/chain/agent-sight.ts';

/** Connects, then waits to be killed. Its own children, if any, are of other kinds. */
const CONNECT = (port: number) => `exec 3<>/dev/tcp/127.0.0.1/${port}`;

describe('lookIntoCage()', () => {
  let server: Server;
  let port = 0;
  const waiting: ((socket: Socket) => void)[] = [];
  before(async () => {
    server = createServer((socket) => waiting.shift()?.(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => void server.close());

  /** Runs a shell script, and waits for the connection that comes of it. */
  async function connected(t: TestContext, file: string, given: readonly string[]): Promise<{ child: ChildProcess; socket: Socket }> {
    const socket = new Promise<Socket>((resolve) => waiting.push(resolve));
    const child = spawn(file, given, { stdio: 'ignore', detached: true });
    t.after(() => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {} // it has ended
    });
    const accepted = await socket;
    t.after(() => void accepted.destroy());
    return { child, socket: accepted };
  }

  function look({ child, socket }: { child: ChildProcess; socket: Socket }, limits?: Parameters<typeof lookIntoCage>[2]): CageSight | null {
    const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
    const connection = { from: { address: remoteAddress, port: remotePort }, to: { address: localAddress, port: localPort } };
    return lookIntoCage({ roots: [child.pid ?? 0], network: '0' }, connection, limits);
  }

  function holdersOf(sight: CageSight | null): readonly string[] {
    assert.ok(sight?.kind === 'seen');
    return sight.holders.map((pid) => sight.processes.find((process) => process.pid === pid)?.executable ?? '').sort();
  }

  it('finds the process that connected, with its program, arguments and folder', async (t) => {
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; read -r _ <&3`, 'the-step']);
    const sight = look(at);
    assert.ok(sight?.kind === 'seen');
    assert.deepEqual(sight.holders, [at.child.pid]);
    const [shell] = sight.processes;
    assert.match(shell?.executable ?? '', /bash$/);
    assert.deepEqual([shell?.arguments.at(-1), shell?.folder], ['the-step', process.cwd()]);
  });

  it('finds all who hold one socket, a copied program and one that is two generations below among them', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'duty-gate-sight-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const copy = join(folder, 'agent');
    copyFileSync('/bin/sleep', copy);
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; (${copy} 60 & wait) & wait`]);
    let sight = look(at);
    while (sight?.kind === 'seen' && !sight.processes.some(({ executable }) => executable === copy)) {
      await new Promise((resolve) => setImmediate(resolve));
      sight = look(at);
    }
    assert.equal(holdersOf(sight).filter((executable) => executable === copy).length, 1);
    assert.ok(holdersOf(sight).length >= 2);
    rmSync(copy);
    const removed = look(at);
    assert.ok(removed?.kind === 'seen' && removed.processes.some(({ executable }) => executable === `${copy} (deleted)`));
  });

  it('finds nobody of the processes that are not of the cage', async (t) => {
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; read -r _ <&3`]);
    const other = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
    t.after(() => other.kill('SIGKILL'));
    const sight = lookIntoCage(
      { roots: [other.pid ?? 0], network: '0' },
      {
        from: { address: at.socket.remoteAddress ?? '', port: at.socket.remotePort ?? 0 },
        to: { address: at.socket.localAddress ?? '', port: at.socket.localPort ?? 0 },
      },
    );
    assert.ok(sight?.kind === 'seen');
    assert.deepEqual(sight.holders, []);
    assert.deepEqual(
      sight.processes.map(({ pid }) => pid),
      [other.pid],
    );
  });

  it('takes no process that is about to end for one that hides what it is', async (t) => {
    const short = 'while :; do /bin/true; done';
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; (${short}) & (${short}) & wait`]);
    for (let looks = 0; looks < 50; looks += 1) {
      const sight = look(at);
      assert.ok(sight?.kind === 'seen' && sight.holders.length > 0);
      assert.deepEqual(
        sight.processes.filter(({ executable }) => executable === null),
        [],
      );
    }
  });

  it('says that nobody is there any more when the client has gone', async (t) => {
    const at = await connected(t, '/bin/bash', ['-c', CONNECT(port)]);
    at.socket.pause();
    if (at.child.exitCode === null) await new Promise((resolve) => at.child.once('exit', resolve));
    assert.equal(look({ ...at, child: { pid: process.pid } as ChildProcess }), null);
  });

  it('says that it cannot tell when there are more processes, or open files, than it may look at', async (t) => {
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; sleep 60 & wait`]);
    const kinds = [
      { processes: 0, descriptors: 1000 },
      { processes: 1000, descriptors: 1 },
      { processes: 1000, descriptors: 1000 },
    ].map((limits) => look(at, limits)?.kind);
    assert.deepEqual(kinds, ['unclear', 'unclear', 'seen']);
  });

  it('says that a cage cannot be looked at when it is gone', async (t) => {
    const at = await connected(t, '/bin/bash', ['-c', `${CONNECT(port)}; read -r _ <&3`]);
    assert.deepEqual(look({ ...at, child: { pid: 2 ** 22 + 1 } as ChildProcess })?.kind, 'unclear');
  });
});
