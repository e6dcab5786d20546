import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ControlSession, type Mint, openSession } from '#control/client.ts';
import { mintLocally, mintLocalToken } from '#control/local-token.ts';
import { writeSavedSession } from '#control/saved-session.ts';
import { makeFolder, startGateway, type TestGateway } from '#test/gateway/harness.ts';
import { asUser, type TestUser } from './users.ts';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

export type JobSession = {
  readonly gateway: TestGateway;
  readonly session: ControlSession;
  /** Holds `session.json`, as the action leaves it. */
  readonly jobFolder: string;
  readonly workspace: string;
  /** `duty-gate ARGS…` as a step of the job would start it. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Ran;
  /** The same, while the test goes on. `signal` goes to the wrapper. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): { readonly ended: Promise<Ran>; signal(name: NodeJS.Signals): void };
};

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** A job whose session is open: a gateway that a test started stands in for the action's. */
export async function openJob(t: TestContext, user: TestUser | null = null, policy?: string): Promise<JobSession> {
  const bootstrap = makeFolder(t, policy === undefined ? {} : { policy });
  const as = (command: readonly string[], env: readonly string[]) => (user === null ? command : asUser(user, env, command));
  own(user, dirname(bootstrap.policyPath));
  const gateway = await startGateway(t, bootstrap, undefined, as([], ['PATH=/usr/bin:/bin']));
  const mint: Mint = (audience, key) =>
    user === null ? mintLocally(audience, key) : mintLocalToken(key, { user: user.name, audience }, Date.now(), randomUUID());
  const session = await openSession({ socketPath: gateway.socketPath, duty: null, mint });
  const folder = mkdtempSync(join(tmpdir(), 'dg-in-job-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [jobFolder, workspace] = [join(folder, 'job'), join(folder, 'workspace')];
  mkdirSync(jobFolder, { mode: 0o700 });
  mkdirSync(workspace);
  writeSavedSession(jobFolder, session.saved);
  own(user, folder);
  const job = { DUTY_GATE_JOB: jobFolder, GITHUB_WORKSPACE: workspace, PATH: process.env['PATH'] };
  const words = (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const entries = Object.entries({ ...job, ...env }).map(([name, value]) => `${name}=${value}`);
    const command = [process.execPath, '--disable-sigusr1', CLI, ...args];
    return user === null ? ['env', '-i', ...entries, ...command] : as(command, entries);
  };
  return {
    ...{ gateway, session, jobFolder, workspace },
    run(args, env = {}) {
      const [file = '', ...rest] = words(args, env);
      return spawnSync(file, rest, { cwd: workspace, encoding: 'utf8' });
    },
    start(args, env = {}) {
      const [file = '', ...rest] = words(args, env);
      const child = spawn(file, rest, { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const ended = new Promise<Ran>((resolve) => void child.once('close', (status) => resolve({ status, stdout, stderr })));
      return { ended, signal: (name) => void child.kill(name) };
    },
  };
}

function own(user: TestUser | null, folder: string): void {
  if (user !== null && process.getuid?.() === 0) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
}

/** A step's script, where the runner would put it. */
export function scriptIn(folder: string, text: string): string {
  const path = join(folder, 'script');
  writeFileSync(path, text);
  return path;
}
