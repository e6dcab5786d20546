import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { clientProgram } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { Bench, type Running } from './harness.ts';

const SHOP = ['CREATE TABLE customers (id integer PRIMARY KEY, name text)', "INSERT INTO customers VALUES (1, 'First')"];
const DUTY = '{ allow: [ { on: orders-db, effects: [read, session] } ] }';

describe('duty-gate run, as shipped', () => {
  let server: PostgresServer;
  let bench: Bench;
  before(async () => {
    server = await startPostgres({ major: 18, sql: SHOP });
  });
  after(async () => server?.stop());
  const withBench = (test: (bench: Bench) => Promise<void>) => async () => {
    bench = new Bench(server, DUTY);
    try {
      await test(bench);
    } finally {
      bench.remove();
    }
  };

  it(
    'leaves a bundle that is intact, unanchored, and accepted with --allow-local',
    withBench(async (bench) => {
      const ended = await bench.run([clientProgram('psql'), '-X', '-c', 'SELECT * FROM customers', '-c', 'DROP TABLE customers']).ended;
      assert.equal(ended.code, 1, ended.stderr);
      assert.match(ended.stderr + ended.stdout, /duty "tester" does not permit drop on public\.customers/);
      const [bundle = ''] = bench.bundles();
      assert.equal((await bench.verify(bundle)).code, 3);
      const verified = await bench.verify(bundle, '--allow-local');
      assert.equal(verified.code, 0, verified.stdout + verified.stderr);
      const json = await bench.verify(bundle, '--json', '--allow-local');
      assert.equal(typeof JSON.parse(json.stdout), 'object');
    }),
  );

  it(
    'P5 shows the command no password, wherever it looks',
    withBench(async (bench) => {
      const hunt = [
        'env',
        'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline /proc/[0-9]*/root/proc/1/environ 2>/dev/null',
        `cat ${bench.folder}/secrets.yml; ls -laR ${bench.evidence}; cat ${bench.evidence}/*/* 2>/dev/null`,
        `grep -r -a . ${bench.folder} /run /tmp/duty-gate-[0-9]* "$HOME"/.cache/duty-gate-session* 2>/dev/null`,
        "find / -xdev -name 'control.soc?' 2>/dev/null",
        `${clientProgram('psql')} -X -c "SELECT current_setting('is_superuser')"`,
      ].join('\n');
      const ended = await bench.run(['bash', '-c', hunt]).ended;
      assert.ok(!(ended.stdout + ended.stderr).includes(server.password));
      assert.ok(!ended.stdout.includes('control.sock'));
      assert.ok(!ended.stdout.includes('audit.jsonl'));
      assert.ok(ended.stdout.includes('PGSSLROOTCERT'), 'the hunt did look');
      const [bundle = ''] = bench.bundles();
      for (const file of readdirSync(bundle, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
        assert.ok(!readFileSync(join(file.parentPath, file.name)).includes(server.password), file.name);
      }
    }),
  );

  it(
    'ends the command, exits 123 and leaves an unsealed bundle when the gateway is killed',
    withBench(async (bench) => {
      const psql = clientProgram('psql');
      const running = bench.run(['bash', '-c', `${psql} -X -A -t -c 'SELECT name FROM customers'; echo started; sleep 600; echo survived`]);
      await untilPrinted(running, 'started');
      const gateway = gatewayOf(running.pid);
      process.kill(gateway, 'SIGKILL');
      const ended = await running.ended;
      assert.equal(ended.code, 123, ended.stderr);
      assert.ok(!ended.stdout.includes('survived'));
      const [bundle = ''] = bench.bundles();
      const verified = await bench.verify(bundle, '--allow-local');
      assert.equal(verified.code, 4, verified.stdout + verified.stderr);
      assert.ok(!existsSync(`/proc/${gateway}`));
    }),
  );

  it(
    'refuses a port that no target names, and resolves no name that nothing covers',
    withBench(async (bench) => {
      const probes =
        "for at in 127.0.0.1/22 1.2.3.4/5432; do (exec 3<>/dev/tcp/$at) 2>/dev/null || echo 'no way'; done; getent hosts example.com || echo 'no such name'";
      const ended = await bench.run(['bash', '-c', probes]).ended;
      assert.equal(ended.stdout, 'no way\nno way\nno such name\n', ended.stderr);
    }),
  );

  it(
    'exits 125 and runs nothing when the policy is broken or binds nobody here',
    withBench(async (bench) => {
      const policy = join(bench.folder, 'policy.yml');
      const text = readFileSync(policy, 'utf8');
      for (const broken of [
        text.replace('issuer: local', 'issuer: "https://elsewhere.example"'),
        text.replace('duties:', 'dutys:'),
        'no policy at all',
      ]) {
        writeFileSync(policy, broken);
        const ended = await bench.run(['bash', '-c', 'echo ran']).ended;
        assert.equal(ended.code, 125, ended.stderr);
        assert.ok(!ended.stdout.includes('ran'));
        assert.notEqual(ended.stderr, '');
      }
    }),
  );
});

async function untilPrinted(running: Running, text: string): Promise<void> {
  while (!running.stdout().includes(text)) await new Promise((resolve) => setImmediate(resolve));
}

/** The child of the wrapper that runs the gateway. */
function gatewayOf(wrapper: number): number {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const argv = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      if (parent === wrapper && argv.includes('gateway')) return Number(name);
    } catch {
      // it ended meanwhile
    }
  }
  throw new Error('Cannot find the gateway among the wrapper’s children');
}
