import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { clientProgram } from '#test/servers/clients.ts';
import type { PostgresServer } from '#test/servers/postgres.ts';
import { Bench } from './harness.ts';

export const NOTES = ['CREATE TABLE notes (id serial PRIMARY KEY, note text)'];
export const WRITER = '{ allow: [ { on: orders-db, effects: [read, insert, session, execute] } ] }';
export const READER = '{ allow: [ { on: orders-db, effects: [read, session] } ] }';
/** Defines `try NAME`, which inserts by psql, and says `NAME yes` or `NAME no`. */
export const TRY = `try() { ${clientProgram('psql')} -X -q -c "INSERT INTO notes (note) VALUES ('$1')" >/dev/null 2>&1 && echo "$1 yes" || echo "$1 no"; }`;

/** More of a policy in which `robot` is an agent that may read. */
export const ROBOT_READS = 'agents:\n  - { match: "**/robot", duty: reader }';

type Entries = readonly ReturnType<typeof JSON.parse>[];

/**
 * Runs a step of a job that may write, in which `try` is defined; its bundle is verified.
 *
 * @param duties of the policy, besides the job's. @param scripts texts by name: beside the step, `try` defined in each
 * @returns what was tried, and the entries
 */
export async function runWriterStep(
  t: TestContext,
  { server, step, duties, scripts }: { server: PostgresServer; step: string; duties: string; scripts: Readonly<Record<string, string>> },
): Promise<{ readonly said: readonly string[]; readonly entries: Entries }> {
  const bench = new Bench(server, WRITER, { duties, top: ROBOT_READS });
  t.after(() => bench.remove());
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(bench.workspace, name), `#!/bin/bash\n${TRY}\n${text}\n`);
    chmodSync(join(bench.workspace, name), 0o755);
  }
  const ended = await bench.run(['bash', '-c', `${TRY}\n${step}`]).ended;
  assert.notEqual(ended.code, 125, ended.stderr);
  const [bundle = ''] = bench.bundles();
  const lines = readFileSync(join(bundle, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
  const verified = await bench.verify(bundle, '--allow-local');
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  return {
    said: ended.stdout.split(/\r?\n/).filter((line) => / (?:yes|no)$/.test(line)),
    entries: lines.map((line) => JSON.parse(line).entry),
  };
}
