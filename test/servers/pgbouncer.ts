import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './clients.ts';
import { freePort, startServer } from './process.ts';

export type Pgbouncer = { readonly host: string; readonly port: number; stop(): Promise<void> };

const host = '127.0.0.1';
const policyFile = '/usr/sbin/policy-rc.d';

/** Installs the distribution's pgbouncer where that is possible without asking anyone: as root, with apt. */
export async function installPgbouncer(): Promise<void> {
  if (pgbouncerProgram() !== undefined) return;
  if (process.getuid?.() !== 0 || onPath('apt-get') === undefined) {
    throw new Error('Cannot install pgbouncer: no root or no apt-get here, expected pgbouncer on PATH');
  }
  console.log('installing pgbouncer …');
  await withoutStartingServices(async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await promisify(execFile)('apt-get', ['update', '-q'], { env });
    await promisify(execFile)('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'pgbouncer'], { env });
  });
}

/** Session pooling in front of one server that trusts it: what a pooler costs that judges nothing. */
export async function startPgbouncer(server: { host: string; port: number; user: string; database: string }): Promise<Pgbouncer> {
  const program = pgbouncerProgram();
  if (program === undefined) throw new Error('Cannot start pgbouncer: not installed, expected on PATH');
  const folder = await mkdtemp(join(tmpdir(), 'duty-gate-pgbouncer-'));
  const port = await freePort();
  const config = join(folder, 'pgbouncer.ini');
  await writeFile(
    config,
    [
      '[databases]',
      `${server.database} = host=${server.host} port=${server.port} dbname=${server.database} user=${server.user}`,
      '[pgbouncer]',
      `listen_addr = ${host}`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      'pool_mode = session',
      'default_pool_size = 50',
      'log_connections = 0',
      'log_disconnections = 0',
      '',
    ].join('\n'),
  );
  const running = await startServer({ argv: [program, config], ready: /process up/, stopSignal: 'SIGTERM' });
  async function stop(): Promise<void> {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return { host, port, stop };
}

function pgbouncerProgram(): string | undefined {
  return onPath('pgbouncer') ?? ['/usr/sbin/pgbouncer'].find((path) => existsSync(path));
}

/** Debian's packages start their services on install, unless this file forbids it. */
async function withoutStartingServices(install: () => Promise<void>): Promise<void> {
  if (existsSync(policyFile)) return install();
  await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    await rm(policyFile, { force: true });
  }
}
