import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ControlSession } from '#control/client.ts';
import { writeSavedSession } from '#control/saved-session.ts';
import { makeFolder, open, startGateway, type TestGateway } from '#test/gateway/harness.ts';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

export type JobSession = {
  readonly gateway: TestGateway;
  readonly session: ControlSession;
  /** Holds `session.json`, as the action leaves it. */
  readonly jobFolder: string;
  readonly workspace: string;
  /** `duty-gate ARGS…` as a step of the job would start it. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): { status: number | null; stdout: string; stderr: string };
};

/** A job whose session is open: a gateway that a test started stands in for the action's. */
export async function openJob(t: TestContext, bootstrap = makeFolder(t)): Promise<JobSession> {
  const gateway = await startGateway(t, bootstrap);
  const session = await open(gateway);
  const folder = mkdtempSync(join(tmpdir(), 'dg-in-job-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [jobFolder, workspace] = [join(folder, 'job'), join(folder, 'workspace')];
  mkdirSync(jobFolder, { mode: 0o700 });
  mkdirSync(workspace);
  writeSavedSession(jobFolder, session.saved);
  const job = { DUTY_GATE_JOB: jobFolder, GITHUB_WORKSPACE: workspace, PATH: process.env['PATH'] };
  return {
    ...{ gateway, session, jobFolder, workspace },
    run: (args, env = {}) =>
      spawnSync(process.execPath, ['--disable-sigusr1', CLI, ...args], { cwd: workspace, encoding: 'utf8', env: { ...job, ...env } }),
  };
}

/** A step's script, where the runner would put it. */
export function scriptIn(folder: string, text: string): string {
  const path = join(folder, 'script');
  writeFileSync(path, text);
  return path;
}
