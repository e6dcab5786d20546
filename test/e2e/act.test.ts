import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type FakeGithub, startGithub } from '#test/fakes/github/github.ts';
import { actProgram } from '#test/servers/act.ts';
import { clientProgram } from '#test/servers/clients.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { copyAction, ROOT, Shop, unpackBundle } from './job.ts';

/** Another implementation of the runner reads the real action.yml and the workflow that the documentation shows. */
describe('docs/workflows/example.yml under act, in host mode', () => {
  let server: PostgresServer;
  let github: FakeGithub;
  const folder = mkdtempSync(join(tmpdir(), 'dg-act-'));
  before(async () => {
    const sql = [
      'CREATE TABLE customers (id integer, name text, email text)',
      "INSERT INTO customers VALUES (1, 'First', 'first@example.com')",
    ];
    server = await startPostgres({ major: 18, database: 'orders', sql });
    github = await startGithub();
  });
  after(async () => {
    await github?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens a session, gates the step, and uploads the evidence', async () => {
    const policy = new Shop(github, server).policy('acme/shop');
    const repository = github.addRepository({ owner: 'acme', name: 'shop', files: { '.github/duty-gate.yml': policy } });
    const job = github.startJob({ repository, event: 'push', permissions: { 'id-token': 'write', contents: 'read' } });
    const workspace = makeWorkspace(join(folder, 'shop'));
    const { code, log } = await act(
      workspace,
      {
        ...job.runtimeEnvironment(),
        ...{ GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: github.serverUrl },
        PATH: `${dirname(process.execPath)}:${dirname(clientProgram('psql'))}:${process.env['PATH']}`,
      },
      { GITHUB_TOKEN: job.token, ORDERS_DB_PASSWORD: server.password },
    );
    assert.equal(code, 0, log);
    assert.match(log, /First/);
    assert.ok(!log.includes('first@example.com') && !log.includes(server.password));
    const bundle = unpackBundle(job, folder);
    assert.match(readFileSync(join(bundle, 'audit.jsonl'), 'utf8'), /"kind":"seal"/);
  });

  function act(cwd: string, env: Record<string, string>, secrets: Record<string, string>): Promise<{ code: number | null; log: string }> {
    const own = { HOME: join(folder, 'home'), PATH: env['PATH'] ?? '', ...secrets };
    mkdirSync(own.HOME, { recursive: true });
    const args = [
      ...['push', '-P', 'ubuntu-latest=-self-hosted', '--pull=false', '--action-offline-mode', '--no-cache-server'],
      ...['--local-repository', `org/duty-gate@v1=${copyAction(folder)}`],
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      // Values are taken from act's own environment, so that they stand on no command line.
      ...Object.keys(secrets).flatMap((name) => ['--secret', name]),
    ];
    return new Promise((resolve, reject) => {
      const child = spawn(actProgram(), args, { cwd, env: own, stdio: ['ignore', 'pipe', 'pipe'] });
      let log = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (log += text));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, log }));
    });
  }
});

/** A clone of acme/shop whose only workflow is the documented example. */
function makeWorkspace(path: string): string {
  mkdirSync(join(path, '.github/workflows'), { recursive: true });
  writeFileSync(join(path, '.github/workflows/report.yml'), readFileSync(join(ROOT, 'docs/workflows/example.yml')));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { cwd: path });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  git('add', '.');
  git('commit', '--quiet', '--message', 'a workflow');
  return path;
}
