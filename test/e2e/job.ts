import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeGithub } from '#test/fakes/github/github.ts';
import type { FakeJob } from '#test/fakes/github/jobs.ts';
import type { JobResult, RunningJob, StepResult } from '#test/fakes/runner/job-run.ts';
import { runJob } from '#test/fakes/runner/runner.ts';
import { clientProgram } from '#test/servers/clients.ts';
import type { PostgresServer } from '#test/servers/postgres.ts';

/** The repository's root: as an action it is `acme/duty-gate@v1`. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ACTION = 'acme/duty-gate@v1';

export type ShopJob = {
  /** Steps of the job, YAML, two spaces in; `shell: duty-gate shell {0}` is the default for `run:`. */
  readonly steps: string;
  readonly policy?: string;
  /** What the usual policy ends with. */
  readonly policyEnd?: string;
  readonly visibility?: 'public' | 'private';
  /** The policy lies here instead of on the default branch. */
  readonly branch?: string;
  /** More inputs of the action, `name: value` lines. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly job?: Partial<Parameters<FakeGithub['startJob']>[0]>;
  readonly run?: Partial<Parameters<typeof runJob>[0]>;
};

export type StartedJob = RunningJob & { readonly job: FakeJob; readonly folder: string; remove(): void };

/** A repository `acme/shop` with a policy on its default branch, and jobs of it against a real PostgreSQL. */
export class Shop {
  readonly #github: FakeGithub;
  readonly #server: PostgresServer;
  #repositories = 0;

  constructor(github: FakeGithub, server: PostgresServer) {
    this.#github = github;
    this.#server = server;
  }

  get issuer(): string {
    return this.#github.issuer;
  }

  policy(name = 'acme/shop', more = ''): string {
    return `version: 1
targets:
  orders-db:
    protocol: postgres
    address: "127.0.0.1:${this.#server.port}"
    names: [orders-db.internal]
    database: ${this.#server.database}
    user: ${this.#server.user}
    password: { secret: ORDERS_DB }
    tls: disable
duties:
  log-reader:
    allow: [ { on: orders-db, effects: [read, session], relations: ["public.*"] } ]
    deny: [ { on: orders-db, effects: [drop], reason: "a log reader destroys nothing" } ]
    mask: [ { on: orders-db, columns: ["public.customers.email"], with: partial } ]
bindings:
  - { duties: [log-reader], when: { issuer: "${this.#github.issuer}", repository: ${name}, event: [push, workflow_dispatch]${more} } }
`;
  }

  /** Starts the job; each has a repository of its own, whose policy is on the default branch. */
  start({
    steps,
    policy,
    policyEnd = '',
    visibility = 'private',
    branch = 'main',
    inputs = {},
    job: jobSetup = {},
    run = {},
  }: ShopJob): StartedJob {
    this.#repositories += 1;
    const name = `shop-${this.#repositories}`;
    const text = policy ?? `${this.policy(`acme/${name}`)}${policyEnd}`;
    const repository = this.#github.addRepository({ owner: 'acme', name, visibility });
    repository.commit(branch, { '.github/duty-gate.yml': text });
    const job = this.#github.startJob({ repository, event: 'push', permissions: { 'id-token': 'write', contents: 'read' }, ...jobSetup });
    const folder = mkdtempSync(join(tmpdir(), 'dg-job-'));
    const running = runJob({
      ...{ job, jobId: 'report', folder: join(folder, 'runner'), actions: { [ACTION]: copyAction(folder) } },
      workflow: workflowText(steps, inputs),
      secrets: { ORDERS_DB_PASSWORD: this.#server.password },
      environment: { PATH: process.env['PATH'] ?? '', PSQL: clientProgram('psql') },
      ...run,
    });
    return { ...running, job, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }
}

/** What a tag of the action holds, in a folder of its own below this one: action.yml and dist. */
export function copyAction(folder: string): string {
  const copy = join(folder, 'action');
  mkdirSync(copy);
  execFileSync('cp', ['-r', join(ROOT, 'action.yml'), join(ROOT, 'dist'), copy]);
  return copy;
}

function workflowText(steps: string, inputs: Readonly<Record<string, string>>): string {
  const more = Object.entries(inputs).map(([name, value]) => `\n          ${name}: ${JSON.stringify(value)}`);
  return `name: report
on: push
permissions: { id-token: write, contents: read }
defaults: { run: { shell: "duty-gate shell {0}" } }
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: ${ACTION}
        id: gate
        with:
          secrets: |
            ORDERS_DB: \${{ secrets.ORDERS_DB_PASSWORD }}${more.join('')}
${steps.replace(/^(?=.)/gm, '      ')}`;
}

export function step(result: JobResult, name: string, phase: StepResult['phase'] = 'main'): StepResult {
  const found = result.steps.find((each) => each.name === name && each.phase === phase);
  if (found === undefined) throw new Error(`Cannot find step ${name}: there are ${result.steps.map((each) => each.name).join(', ')}`);
  return found;
}

/** The action's own step. */
export function actionStep(result: JobResult, phase: StepResult['phase']): StepResult {
  const found =
    result.steps.find((each) => each.id === 'gate' && each.phase === phase) ?? result.steps.find((each) => each.phase === phase);
  if (found === undefined) throw new Error(`Cannot find the action's ${phase} step`);
  return found;
}

/** Unpacks a job's bundle artifact; answers the bundle's folder. */
export function unpackBundle(job: FakeJob, folder: string): string {
  const artifact = job.artifacts().find(({ mimeType }) => /zip/.test(mimeType));
  if (artifact === undefined)
    throw new Error(
      `Cannot find the bundle: artifacts are ${job
        .artifacts()
        .map(({ name }) => name)
        .join(', ')}`,
    );
  const zip = join(folder, 'bundle.zip');
  const out = join(folder, 'artifact');
  writeFileSync(zip, artifact.content());
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, out]);
  const audit = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('audit.jsonl'));
  if (audit === undefined) throw new Error('Cannot find the bundle: the artifact holds no audit.jsonl');
  return dirname(join(out, audit));
}

export function writeKeys(github: FakeGithub, folder: string): string {
  const path = join(folder, 'keys.json');
  writeFileSync(path, JSON.stringify(github.keysFile()));
  return path;
}
