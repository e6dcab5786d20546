import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { verifyCommand } from '#cli/verify.ts';
import { BootstrapAnswer, type LocalBootstrap } from '#control/bootstrap.ts';
import { openSession } from '#control/client.ts';
import { mintLocally } from '#control/local-token.ts';
import { verifyByPython } from '#test/verifier/python.ts';

/** The gateway as a process, started the way a wrapper starts it. */
const GATEWAY = fileURLToPath(new URL('../../src/gateway/main.ts', import.meta.url));
export const PASSWORD = 'correct-horse-battery-staple';

export const POLICY = `version: 1
targets:
  orders-db:
    protocol: postgres
    address: "127.0.0.1:1"
    names: [orders-db.internal]
    database: orders
    user: app
    password: { secret: ORDERS_DB }
    tls: disable
duties:
  reader:
    allow: [ { on: orders-db, effects: [read], relations: ["public.*"] } ]
bindings:
  - { duties: [reader], when: { issuer: local } }
`;

export type TestGateway = {
  readonly child: ChildProcess;
  readonly bootstrap: LocalBootstrap;
  readonly answer: BootstrapAnswer;
  readonly socketPath: string;
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
};

/** A folder with a policy, secrets, and places for socket and evidence. */
export function makeFolder(t: TestContext, { policy = POLICY, secrets = `ORDERS_DB: ${PASSWORD}\n` } = {}): LocalBootstrap {
  const folder = mkdtempSync(join(tmpdir(), 'dg-gw-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'policy.yml'), policy);
  writeFileSync(join(folder, 'secrets.yml'), secrets, { mode: 0o600 });
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  const at = (name: string) => join(folder, name);
  return {
    policyPath: at('policy.yml'),
    secretsPath: at('secrets.yml'),
    evidenceFolder: at('evidence'),
    socketFolder: at('run'),
    issuer: 'local',
  };
}

export async function startGateway(
  t: TestContext,
  bootstrap: LocalBootstrap | string = makeFolder(t),
  nodeOptions = ['--disable-sigusr1'],
  /** What starts it, if not we ourselves. */
  under: readonly string[] = [],
): Promise<TestGateway> {
  const [file = '', ...args] = [...under, process.execPath, ...nodeOptions, GATEWAY];
  const child = spawn(file, args, { env: { PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  child.stdin.on('error', () => undefined);
  child.stdin.write(typeof bootstrap === 'string' ? bootstrap : `${JSON.stringify(bootstrap)}\n`);
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), exited.then((code) => `exited ${code}: ${stderr}`)]);
  const answer = BootstrapAnswer.parse(JSON.parse(line));
  return {
    child,
    answer,
    exited,
    bootstrap: typeof bootstrap === 'string' ? makeFolder(t) : bootstrap,
    socketPath: 'socket' in answer ? answer.socket : '',
    stderr: () => stderr,
  };
}

/** A session of issuer local. */
export function open({ socketPath }: { readonly socketPath: string }, duty: string | null = null) {
  return openSession({ socketPath, duty, mint: mintLocally });
}

/** The exit code and the page of `duty-gate verify`. */
/** By `duty-gate verify`, and by the second verifier, which has to find the same in every bundle that a test makes. */
export async function verify(bundle: string, ...options: string[]): Promise<{ code: number; page: string }> {
  let page = '';
  const write = (text: string): void => {
    page += text;
  };
  const code = await verifyCommand([bundle, ...options], { stdout: { write }, stderr: { write } });
  // It knows neither logs nor identities.
  if (!options.includes('--log') && !options.includes('--identity')) {
    const [second] = await verifyByPython([bundle], options);
    assert.equal(second?.exitCode, code, `${page}\n${JSON.stringify(second)}`);
  }
  return { code, page };
}

/** The entries of a bundle's audit, without their envelopes. */
export function entriesOf(bundle: string): { kind: string; [name: string]: unknown }[] {
  const lines = readFileSync(join(bundle, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).entry);
}
