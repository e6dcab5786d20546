/**
 * `npm run bench -- [--rounds N] [--scale N] [--case TEXT] [--paths NAME,…] [--json]`: how much of the direct rate is left
 * behind pgbouncer, a relay that looks at nothing, and the gate. Ratios, paired within one round: single numbers of a shared machine mean nothing.
 */
import { parseArgs } from 'node:util';
import { type ActionTimes, actionTimes } from './action-times.ts';
import { escapeTimes } from './escape-times.ts';
import { preparePgbench, rowsPerSecond, selectsPerSecond } from './loads.ts';
import { PATH_NAMES, type Path, startPaths } from './paths.ts';
import { pairedRounds, type Summary } from './rounds.ts';
import { type VerifyTimes, verifyTimes } from './verify-times.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    scale: { type: 'string', default: '10' },
    case: { type: 'string', default: '' },
    paths: { type: 'string', default: PATH_NAMES.join(',') },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const scale = Number(values.scale);
const say = values.json ? console.error : console.log;

const { server, paths, missing, stop } = await startPaths(values.paths.split(','));
const login = { database: server.database, user: server.user };
const cases: readonly { name: string; unit: string; measure: (path: Path) => Promise<number> }[] = [
  { name: 'simple, 1 client', unit: 'tps', measure: (path) => selectsPerSecond(path, login, 'simple', 1) },
  { name: 'simple, 8 clients', unit: 'tps', measure: (path) => selectsPerSecond(path, login, 'simple', 8) },
  { name: 'prepared, 1 client', unit: 'tps', measure: (path) => selectsPerSecond(path, login, 'prepared', 1) },
  { name: 'prepared, 8 clients', unit: 'tps', measure: (path) => selectsPerSecond(path, login, 'prepared', 8) },
  { name: `${scale * 100_000} rows`, unit: 'rows/s', measure: (path) => rowsPerSecond(path, login, 'SELECT * FROM pgbench_accounts') },
];
try {
  for (const why of missing) say(`left out: ${why}`);
  say(`preparing ${scale * 100_000} accounts …`);
  await preparePgbench(pathNamed('direct'), login, scale);
  const results: { name: string; unit: string; summaries: readonly Summary[] }[] = [];
  for (const { name, unit, measure } of cases.filter((one) => one.name.includes(values.case))) {
    // What is read in this process cannot be read in a cage.
    const names = paths.filter((path) => path.caged === undefined || !name.endsWith('rows')).map((path) => path.name);
    const summaries = await pairedRounds(names, rounds, (path) => measure(pathNamed(path)));
    results.push({ name, unit, summaries });
    say(table(name, unit, summaries));
    say(confinementLine(summaries));
  }
  const action = 'action'.includes(values.case) ? await actionTimes(server, rounds) : null;
  if (action !== null) say(timesTable(action));
  const verify = 'verify'.includes(values.case) ? await verifyTimes() : null;
  if (verify !== null) say(verifyTable(verify));
  const escapes = 'escapes'.includes(values.case) ? escapeTimes() : null;
  if (escapes !== null) say(`escapes (budget 40 ms)\n  median ${Math.round(escapes.median)} ms, worst ${Math.round(escapes.worst)} ms`);
  if (values.json) console.log(JSON.stringify({ rounds, scale, missing, results, action, verify, escapes }));
} finally {
  await stop();
}

function pathNamed(name: string): Path {
  const path = paths.find((one) => one.name === name);
  if (path === undefined) throw new Error(`Cannot measure ${name}: no such path`);
  return path;
}

/** That a cage adds no hop: its rate, of the gate's without one. */
function confinementLine(summaries: readonly Summary[]): string {
  const rate = (wanted: string) => summaries.find(({ path }) => path === wanted)?.ratio.median;
  const [gate, caged] = [rate('gate'), rate('caged')];
  return gate === undefined || caged === undefined
    ? ''
    : `  confinement: ${(caged / gate).toFixed(2)} of the gate without a cage (budget 0.95)`;
}

function timesTable({ main, wrappedTrue, laterTrue, plainTrue, post }: ActionTimes): string {
  const over = (ms: number) => `${ms} ms, ${ms - plainTrue} ms over a plain one`;
  const added = `the first wrapped step ${over(wrappedTrue)}; a later one ${over(laterTrue)}`;
  return `action (${rounds} jobs, medians)\n  main ${main} ms (budget 2,000), ${added} (budget 150), post ${post} ms`;
}

function verifyTable(times: readonly VerifyTimes[]): string {
  const lines = times.map(({ bytes, entries, seconds, rssKib }) => {
    const mib = Math.round(bytes / 1024 / 1024);
    return `  ${mib} MiB, ${entries} entries: ${seconds.toFixed(1)} s, ${Math.round(rssKib / 1024)} MiB of memory`;
  });
  return ['verify (budget 10 s for 1 GiB, memory flat)', ...lines].join('\n');
}

/** Median rate, and the median ratio to direct with the middle half of the rounds. */
function table(name: string, unit: string, summaries: readonly Summary[]): string {
  const lines = summaries.map(({ path, median, ratio }) => {
    const rate = Math.round(median).toLocaleString('en').padStart(12);
    return `  ${path.padEnd(10)}${rate} ${unit.padEnd(6)}  ${ratio.median.toFixed(2)}  [${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}]`;
  });
  return [`${name} (${rounds} rounds, ratio to ${summaries[0]?.path})`, ...lines].join('\n');
}
