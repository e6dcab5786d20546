import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PostgresServer } from '#test/servers/postgres.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The program as it is shipped. */
const DUTY_GATE: string = join(ROOT, 'dist/bin/duty-gate');

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Running = {
  readonly pid: number;
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
};

function start(command: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {}): Running {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, DUTY_GATE_NODE: process.execPath, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { pid: child.pid ?? -1, stdout: () => stdout, ended, kill: (signal) => void child.kill(signal) };
}

/** A folder with a policy and secrets for one server, and a place for evidence. */
export class Bench {
  readonly dutyGate: string = DUTY_GATE;
  readonly folder: string;
  readonly evidence: string;
  readonly workspace: string;
  readonly #server: PostgresServer;

  /** `more`: further duties, and further keys of the policy, as YAML. */
  constructor(server: PostgresServer, dutyYaml: string, more = { duties: '', top: '' }) {
    this.#server = server;
    this.folder = mkdtempSync(join(tmpdir(), 'duty-gate-e2e-'));
    this.evidence = join(this.folder, 'evidence');
    this.workspace = join(this.folder, 'workspace');
    mkdirSync(this.workspace);
    mkdirSync(this.evidence);
    writeFileSync(join(this.folder, 'policy.yml'), policyText(server, dutyYaml, more));
    writeFileSync(
      join(this.folder, 'secrets.yml'),
      `P: ${server.password}\n${server.ca === '' ? '' : `CA: ${JSON.stringify(server.ca)}\n`}`,
      { mode: 0o600 },
    );
  }

  /** `duty-gate run … -- argv`, in the workspace. */
  run(argv: readonly string[], options: { env?: NodeJS.ProcessEnv; input?: string } = {}): Running {
    const files = ['--policy', join(this.folder, 'policy.yml'), '--secrets', join(this.folder, 'secrets.yml'), '--evidence', this.evidence];
    const env = { PGHOST: 'orders-db.internal', PGPORT: String(this.#server.port), PGDATABASE: this.#server.database, ...options.env };
    return start(DUTY_GATE, ['run', ...files, '--', ...argv], { ...options, env, cwd: this.workspace });
  }

  /** Bundles, oldest first. */
  bundles(): readonly string[] {
    return readdirSync(this.evidence).map((name) => join(this.evidence, name));
  }

  verify(bundle: string, ...options: readonly string[]): Promise<Ended> {
    return start(DUTY_GATE, ['verify', bundle, ...options]).ended;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function policyText(server: PostgresServer, dutyYaml: string, more: { readonly duties: string; readonly top: string }): string {
  const tls = server.ca === '' ? 'disable' : 'verify-ca, ca: { secret: CA }';
  return `version: 1
targets:
  orders-db: { protocol: postgres, address: "127.0.0.1:${server.port}", names: [orders-db.internal], database: ${server.database}, user: ${server.user}, password: { secret: P }, tls: ${tls} }
duties:
  tester: ${dutyYaml}
${more.duties}
bindings:
  - { duties: [tester], when: { issuer: local } }
${more.top}
`;
}
