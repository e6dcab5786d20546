import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clientProgram } from '#test/servers/clients.ts';
import type { PostgresServer } from '#test/servers/postgres.ts';

/** pgbench inside a cage, by the gate of a real gateway; one after the other, in one command. */
export type CagedPgbench = {
  /** @param args of pgbench, without blanks in them. @returns what it says */
  run(args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
};

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const END = '== end of pgbench ==';

export function startCagedPgbench({ host, port, database, user }: PostgresServer, folder: string): CagedPgbench {
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('caged'));
  writeFileSync(
    at('policy.yml'),
    `version: 1
targets:
  bench: { protocol: postgres, address: "${host}:${port}", names: [bench.internal], database: ${database}, user: ${user}, tls: disable }
duties:
  reader:
    allow: [ { on: bench, effects: [read], relations: ["*.*"] }, { on: bench, effects: [session] } ]
bindings:
  - { duties: [reader], when: { issuer: local } }
`,
  );
  const target = `-h bench.internal -p ${port} -U ${user} ${database}`;
  const loop = `while read -r line; do ${clientProgram('pgbench')} $line ${target} 2>&1; echo '${END}'; done`;
  const args = [
    '--disable-sigusr1',
    CLI,
    'run',
    '--policy',
    at('policy.yml'),
    '--evidence',
    at('evidence'),
    '--',
    'bash',
    '--norc',
    '-c',
    loop,
  ];
  const env = { ...process.env, PGSSLMODE: 'disable', PGGSSENCMODE: 'disable', PGCONNECT_TIMEOUT: '10' };
  const child = spawn(process.execPath, args, { cwd: at('caged'), env, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(words) {
      child.stdin.write(`${words.join(' ')}\n`);
      const said: string[] = [];
      for (let next = await lines.next(); next.done !== true && next.value !== END; next = await lines.next()) said.push(next.value);
      return said.join('\n');
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
