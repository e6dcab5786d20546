import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPgbouncer, startPgbouncer } from '#test/servers/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '#test/servers/postgres.ts';
import { startServer } from '#test/servers/process.ts';
import { type CagedPgbench, startCagedPgbench } from './caged-path.ts';

/** A way to the database: where to connect. */
export type Path = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Only from within a cage: what runs pgbench there. */
  readonly caged?: CagedPgbench;
};

export type Paths = {
  readonly server: PostgresServer;
  readonly paths: readonly Path[];
  readonly missing: readonly string[];
  stop(): Promise<void>;
};

export const PATH_NAMES: readonly string[] = ['direct', 'pgbouncer', 'relay', 'gate', 'caged'];

/** PostgreSQL 18, and the ways to it that are to be compared; the direct one comes first, always. */
export async function startPaths(wanted: readonly string[]): Promise<Paths> {
  const server = await startPostgres({
    major: 18,
    auth: 'trust',
    database: 'bench',
    user: 'bench',
    settings: ['shared_buffers = 256MB', 'max_connections = 200'],
  });
  const folder = await mkdtemp(join(tmpdir(), 'duty-gate-bench-'));
  const stops: (() => Promise<void>)[] = [() => server.stop(), () => rm(folder, { recursive: true, force: true })];
  const paths: Path[] = [{ name: 'direct', host: server.host, port: server.port }];
  const missing: string[] = [];
  async function add(name: string, start: () => Promise<{ host: string; port: number; stop(): Promise<void> }>): Promise<void> {
    const { host, port, stop } = await start();
    stops.unshift(stop);
    paths.push({ name, host, port });
  }
  async function stop(): Promise<void> {
    for (const end of stops) await end();
  }
  try {
    if (wanted.includes('pgbouncer')) {
      const why = await installPgbouncer().then(() => null, String);
      if (why === null) await add('pgbouncer', () => startPgbouncer(server));
      else missing.push(why);
    }
    const { host, port, database, user } = server;
    if (wanted.includes('relay')) await add('relay', () => startProgram('relay.ts', [host, String(port)]));
    if (wanted.includes('gate')) await add('gate', () => startProgram('gate-server.ts', [host, String(port), database, user, folder]));
    if (wanted.includes('caged')) {
      const caged = startCagedPgbench(server, folder);
      stops.unshift(() => caged.stop());
      paths.push({ name: 'caged', host: 'bench.internal', port: server.port, caged });
    }
    return { server, paths, missing, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startProgram(file: string, args: readonly string[]): Promise<{ host: string; port: number; stop(): Promise<void> }> {
  const running = await startServer({
    argv: [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, file), ...args],
    ready: /ready on \d+\n/,
    stopSignal: 'SIGTERM',
  });
  const port = Number(/ready on (\d+)/.exec(running.log())?.[1]);
  return { host: '127.0.0.1', port, stop: running.stop };
}
