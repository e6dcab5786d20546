import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { type CageTarget, placeTargets } from '#gateway/cage/addresses.ts';
import { openCageListeners } from '#gateway/cage/listeners.ts';

const TARGET: CageTarget = { name: 'db', host: 'db.internal', port: 443, names: [], hostAddresses: ['10.1.2.3'] };
const NETWORK = `
  mount -t proc proc /proc; ip link set lo up; ip route add local 0.0.0.0/0 dev lo; ip -6 route add local ::/0 dev lo
  echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind; echo up; while read -r line; do eval "$line"; echo "= $?"; done`;

/** A network of its own with a shell in it that answers to commands. */
async function openNetwork(): Promise<{ readonly pid: number; run(command: string): Promise<string>; end(): void }> {
  const child: ChildProcess = spawn(
    'unshare',
    ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', NETWORK],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const { stdin, stdout, pid } = child;
  assert.ok(stdin && stdout && pid);
  stdout.setEncoding('utf8');
  await once(stdout, 'data');
  return {
    pid,
    async run(command) {
      stdin.write(`${command}\n`);
      let output = '';
      while (!/^= \d+$/m.test(output)) output += String((await once(stdout, 'data'))[0]);
      return output;
    },
    end: () => void child.kill('SIGKILL'),
  };
}

function helpers(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').endsWith('/src/gateway/cage/listen-inside.ts\0');
    } catch {
      return false;
    }
  });
}

describe('openCageListeners()', async () => {
  const network = await openNetwork();
  after(() => network.end());
  const placed = placeTargets([TARGET]);

  test("R20 accepts in this process what connects inside, at the targets' own addresses alone", async () => {
    const met: string[] = [];
    const listeners = await openCageListeners({
      ...placed,
      pid: network.pid,
      entrance: 'user-namespace',
      onConnection(target, socket) {
        met.push(`${target} ${socket.localAddress} ${socket.localPort}`);
        socket.end('hello\n');
      },
    });
    for (const address of ['198.18.1.1', '10.1.2.3', 'fd64:7574:7900:1::1'])
      assert.equal(await network.run(`cat </dev/tcp/${address}/443`), 'hello\n= 0\n');
    for (const address of ['198.18.1.2', '127.0.0.1', '::1', '1.1.1.1'])
      assert.equal(await network.run(`(: </dev/tcp/${address}/443) 2>/dev/null`), '= 1\n');
    assert.deepEqual(met, ['db 198.18.1.1 443', 'db 10.1.2.3 443', 'db fd64:7574:7900:1::1 443']);
    listeners.close();
    assert.equal(await network.run('(: </dev/tcp/198.18.1.1/443) 2>/dev/null'), '= 1\n');
  });

  test('rejects when a single listener cannot be made, and leaves none and no helper', async () => {
    const [one] = placed.targets;
    assert.ok(one);
    const targets = [one, { ...one, target: 'again' }];
    await assert.rejects(
      openCageListeners({ ...placed, targets, pid: network.pid, entrance: 'user-namespace', onConnection: () => undefined }),
      /EADDRINUSE/,
    );
    assert.equal(await network.run('(: </dev/tcp/198.18.1.1/443) 2>/dev/null'), '= 1\n');
    while (helpers().length > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test("rejects, in the tool's words, when there is no such cage", async () => {
    const missing = 2 ** 22 + 1;
    await assert.rejects(
      openCageListeners({ ...placed, pid: missing, entrance: 'user-namespace', onConnection: () => undefined }),
      /nsenter/,
    );
  });
});
