/**
 * `npm run demo`: one agent, one database, end to end, on a real PostgreSQL. `--json` prints one JSON object as its last line.
 * Everything is the real path: the built dist/, the gateway daemon, the wrapper's namespaces, an unmodified psql.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installClients, newestClientProgram, onPath } from '#test/servers/clients.ts';
import { startPostgres } from '#test/servers/postgres.ts';
import { installPostgres } from '#test/servers/postgres-install.ts';
import { AGENT_SCRIPT, POLICY, SHOP_SQL } from './shop.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DUTY_GATE = join(ROOT, 'dist/bin/duty-gate');
const OUT = join(ROOT, 'demo-out');
const PASSWORD = 'orders-db-password-of-the-demo';

async function main(): Promise<number> {
  const startedMs = Date.now();
  const json = process.argv.includes('--json');
  const say = (text: string) => process.stdout.write(`${text}\n`);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'duty-gate-demo-'));
  say('Starting a PostgreSQL with a small shop in it …');
  await installPostgres(18);
  const psql = await findPsql();
  const server = await startPostgres({ major: 18, auth: 'scram', database: 'shop', user: 'shop_app', password: PASSWORD, sql: SHOP_SQL });
  try {
    const files = writeInputs(scratch, server.port);
    say(`The agent's duty is "log-reader" (${join('demo-out', 'policy.yml')}). It starts now, under duty-gate run:\n`);
    const agent = await run(
      [
        DUTY_GATE,
        'run',
        '--policy',
        files.policy,
        '--secrets',
        files.secrets,
        '--evidence',
        join(OUT, 'evidence'),
        '--',
        'bash',
        files.agent,
      ],
      { ...process.env, PSQL: psql },
    );
    const bundle = onlyBundle();
    say('\nVerifying the evidence, offline:\n');
    const verified = await run([DUTY_GATE, 'verify', bundle, '--allow-local'], process.env);
    const counts = sealOf(bundle);
    const ok = agent === 0 && verified === 0 && counts.refused === 1 && counts.masked > 0;
    say(
      `\n${ok ? 'Done' : 'Something went wrong'}: ${counts.allowed} operations allowed, ${counts.refused} refused, ${counts.masked} values masked.`,
    );
    say(`Replay what the agent saw:  dist/bin/duty-gate replay ${relative(bundle)}`);
    const seconds = (Date.now() - startedMs) / 1000;
    if (json) say(JSON.stringify({ ok, ...counts, verified: verified === 0, report: null, bundle, seconds }));
    return ok ? 0 : 1;
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The machine's own psql; where there is none, the one that the tests use. */
async function findPsql(): Promise<string> {
  const own = onPath('psql');
  if (own !== undefined) return own;
  await installClients();
  return newestClientProgram('psql');
}

function writeInputs(scratch: string, port: number): { policy: string; secrets: string; agent: string } {
  const policy = join(OUT, 'policy.yml');
  const secrets = join(scratch, 'secrets.yml');
  const agent = join(OUT, 'agent.sh');
  writeFileSync(policy, POLICY(port));
  writeFileSync(secrets, `ORDERS_DB: ${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(agent, AGENT_SCRIPT);
  return { policy, secrets, agent };
}

function run(argv: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  const [command, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, DUTY_GATE_NODE: process.execPath } });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function onlyBundle(): string {
  const [session] = readdirSync(join(OUT, 'evidence'));
  if (session === undefined) throw new Error('Cannot find the evidence: demo-out/evidence is empty, expected one bundle');
  return join(OUT, 'evidence', session);
}

function sealOf(bundle: string): { allowed: number; refused: number; masked: number } {
  const lines = readFileSync(join(bundle, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
  const { entry } = JSON.parse(lines.at(-1) ?? '{}');
  return { allowed: entry.allowed, refused: entry.refused, masked: entry.masked };
}

function relative(path: string): string {
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

process.exitCode = await main();
