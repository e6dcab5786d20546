import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');
const POLICY = `version: 1
targets:
  orders-db: { protocol: postgres, address: "127.0.0.1:1", database: orders, user: app, tls: disable }
duties:
  log-reader: { allow: [{ on: orders-db, effects: [read], relations: ["public.*"] }] }
bindings:
  - { duties: [log-reader], when: { issuer: local } }
`;

describe('runCommand()', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-main-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'policy.yml'), POLICY);
  const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI, 'run', ...args], { cwd: folder, encoding: 'utf8' });

  test('runs a command with a gateway of its own, gives its exit code and says where the evidence is', () => {
    const { status, stdout, stderr } = run('--policy', 'policy.yml', '--evidence', 'e', '--', 'bash', '-c', 'echo hello; ls -A e; exit 9');
    assert.deepEqual([status, stdout], [9, 'hello\n'], stderr);
    assert.match(stderr, /^duty-gate: what it writes below \S+, .* stays; the rest is read-only\n/);
    assert.match(stderr, /\nduty-gate: 0 allowed, 0 refused, 0 masked\. Evidence: \S+\/e\/\S+\n$/);
    assert.equal(readdirSync(join(folder, 'e')).length, 1);
  });

  for (const [name, args, message] of [
    ['no policy is named', ['--', 'true'], /no policy is named/],
    ['the policy is not there', ['--policy', 'missing.yml', '--', 'true'], /missing\.yml/],
    ['the duty is not bound', ['--policy', 'policy.yml', '--duty', 'destroyer', '--', 'true'], /destroyer/],
  ] as const) {
    test(`runs nothing and exits 125 when ${name}`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(stderr, message);
    });
  }

  test('prints its usage', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /--evidence DIR/);
  });
});

describe('shellCommand()', () => {
  const shell = (env: NodeJS.ProcessEnv, ...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI, 'shell', ...args], { encoding: 'utf8', env });

  for (const [name, env, message] of [
    ['no session is open', {}, /no session is open here/],
    ['the session it is told of is none', { DUTY_GATE_JOB: '/nowhere' }, /Cannot go on with the session/],
  ] as const) {
    test(`runs nothing and exits 125 when ${name}`, () => {
      const { status, stdout, stderr } = shell(env, '/bin/true');
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(stderr, message);
      assert.ok(!existsSync('/nowhere'));
    });
  }

  test('prints its usage', () => {
    const { status, stdout } = shell({}, '--help');
    assert.equal(status, 0);
    assert.match(stdout, /shell: duty-gate shell \{0\}/);
  });
});
