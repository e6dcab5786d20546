/**
 * `npm run demo`: one agent, one database, end to end, on a real PostgreSQL. `--json` prints one JSON object as its last line.
 * Everything is the real path: the built dist/, the gateway daemon, the wrapper's namespaces, an unmodified psql. By default
 * the built Action runs under a simulated runner, beside a simulated GitHub; `--local` does without both.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installClients, newestClientProgram, onPath } from '#test/servers/clients.ts';
import { startPostgres } from '#test/servers/postgres.ts';
import { installPostgres } from '#test/servers/postgres-install.ts';
import { runAction } from './run-action.ts';
import { runLocally } from './run-locally.ts';
import { run } from './run-program.ts';
import { SHOP_SQL } from './shop.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DUTY_GATE = join(ROOT, 'dist/bin/duty-gate');
const OUT = join(ROOT, 'demo-out');
const PASSWORD = 'orders-db-password-of-the-demo';

async function main(): Promise<number> {
  const startedMs = Date.now();
  const say = (text: string) => process.stdout.write(`${text}\n`);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'duty-gate-demo-'));
  say('Starting a PostgreSQL with a small shop in it …');
  await installPostgres(18);
  const psql = await findPsql();
  const server = await startPostgres({ major: 18, auth: 'scram', database: 'shop', user: 'shop_app', password: PASSWORD, sql: SHOP_SQL });
  try {
    const place = { root: ROOT, dutyGate: DUTY_GATE, out: OUT, scratch, port: server.port, password: PASSWORD, psql, say };
    const done = process.argv.includes('--local') ? await runLocally(place) : await runAction(place);
    say('\nVerifying the evidence, offline:\n');
    const verified = await run([DUTY_GATE, 'verify', done.bundle, ...done.trust], process.env);
    const counts = sealOf(done.bundle);
    const ok = done.ok && verified === 0 && counts.refused === 1 && counts.masked > 0;
    say(
      `\n${ok ? 'Done' : 'Something went wrong'}: ${counts.allowed} operations allowed, ${counts.refused} refused, ${counts.masked} values masked.`,
    );
    say(`Open the report:            ${relative(done.report)}`);
    say(`Replay what the agent saw:  dist/bin/duty-gate replay ${relative(done.bundle)}`);
    const { bundle, report } = done;
    const seconds = (Date.now() - startedMs) / 1000;
    if (process.argv.includes('--json')) say(JSON.stringify({ ok, ...counts, verified: verified === 0, report, bundle, seconds }));
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

function sealOf(bundle: string): { allowed: number; refused: number; masked: number } {
  const lines = readFileSync(join(bundle, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
  const { entry } = JSON.parse(lines.at(-1) ?? '{}');
  return { allowed: entry.allowed, refused: entry.refused, masked: entry.masked };
}

function relative(path: string): string {
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

process.exitCode = await main();
