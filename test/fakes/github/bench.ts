import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { type FakeGithub, type GithubSetup, startGithub } from './github.ts';
import type { FakeJob } from './jobs.ts';
import type { FakeRepository } from './repositories.ts';

export type Bench = {
  readonly github: FakeGithub;
  readonly repository: FakeRepository;
  readonly job: FakeJob;
  readonly octokit: Octokit;
  /** A question to the API in this job's name; redirects are answers. */
  ask(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Response>;
};

/** A simulated GitHub with `acme/shop` and a job of it that may do all. What it finds wrong fails the test at its end. */
export async function startBench(t: TestContext, setup: GithubSetup = {}, visibility: 'public' | 'private' = 'private'): Promise<Bench> {
  const github = await startGithub(setup);
  t.after(() => github.stop());
  const files = { 'README.md': '# Shop\n', 'docs/a.md': 'a', 'docs/deep/b.md': 'b' };
  const repository = github.addRepository({ owner: 'acme', name: 'shop', visibility, files });
  const job = github.startJob({ repository, permissions: { 'id-token': 'write', contents: 'read', actions: 'write' } });
  return {
    ...{ github, repository, job, octokit: octokitOf(github, job.token) },
    ask: (path, headers = {}, method = 'GET') =>
      fetch(`${github.apiUrl}${path}`, {
        method,
        redirect: 'manual',
        headers: { authorization: `Bearer ${job.token}`, 'user-agent': 'test', ...headers },
      }),
  };
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export function octokitOf(github: FakeGithub, token: string): Octokit {
  return new Octokit({ auth: token, baseUrl: github.apiUrl, log: SILENT });
}

/** Of a download: what is text comes as such. */
export function bytesOf({ data }: { readonly data: unknown }): Buffer {
  return data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(String(data));
}

export const AT = { owner: 'acme', repo: 'shop' } as const;

/**
 * Runs a script as an action's: the toolkit reads the environment of its process, so each gets one of its own. Waits are cut
 * short. Answers its log, commands and all.
 */
export async function runScript(env: Readonly<Record<string, string>>, script: string): Promise<string> {
  const quick = 'const wait = globalThis.setTimeout; globalThis.setTimeout = (act, ms, ...more) => wait(act, ms / 100, ...more);';
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `${quick}\n${script}`], {
    cwd: import.meta.dirname,
    env: { ...env },
  });
  return stdout;
}

/** The value that the script printed last, in JSON. */
export async function valueOfScript(env: Readonly<Record<string, string>>, script: string): Promise<unknown> {
  const stdout = await runScript(env, script);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
