import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { makeServerCertificate } from './certificates.ts';
import { copyDataFolder, type PostgresMajor, postgresProgram, superuser } from './postgres-install.ts';
import { freePort, type ServerProcess, startServer } from './process.ts';

export type PostgresOptions = {
  readonly major: PostgresMajor;
  /** The user must come by TLS, and the certificate is for `names`. Without: the server speaks no TLS. */
  readonly tls?: boolean;
  readonly names?: readonly string[];
  readonly auth?: 'scram' | 'md5' | 'trust';
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  /** Run as `user`, who owns the database. */
  readonly sql?: readonly string[];
  /** Further lines of postgresql.conf. */
  readonly settings?: readonly string[];
};

export type PostgresServer = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Random unless given: a scan for it finds nothing else. */
  readonly password: string;
  readonly superuser: { readonly user: string; readonly password: string; readonly uri: string };
  /** PEM, and the same in a file; empty without TLS. */
  readonly ca: string;
  readonly caFile: string;
  /** One connection of the superuser's, for looking at what really happened. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
};

const host = '127.0.0.1';
const startsMax = 5;

/** A real PostgreSQL of this major on a random port of loopback. `npm run setup` has installed it. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const settled = {
    database: options.database ?? 'orders',
    user: options.user ?? 'app',
    password: options.password ?? randomBytes(18).toString('hex'),
    auth: options.auth ?? 'scram',
  };
  const folder = await mkdtemp(join(tmpdir(), 'duty-gate-postgres-'));
  const removeOnExit = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeOnExit);
  const data = join(folder, 'data');
  await copyDataFolder(options.major, data);
  await chmod(data, 0o700);
  const ca = await configure(data, options, settled.user, settled.auth);
  const { server, port } = await startOnFreePort(options.major, data);
  const uri = `postgresql://${superuser.user}:${superuser.password}@${host}:${port}/`;
  const query = (text: string, values: readonly unknown[] = []) => queryOnce(uri + settled.database, text, values);
  async function stop(): Promise<void> {
    await server.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    process.off('exit', removeOnExit);
  }
  try {
    await createDatabase(uri, settled);
    for (const text of options.sql ?? [])
      await queryOnce(uri + settled.database, `SET ROLE ${pg.escapeIdentifier(settled.user)};${text}`, []);
  } catch (error) {
    await stop();
    throw error;
  }
  const { database, user, password } = settled;
  const caFile = ca === '' ? '' : join(data, 'ca.crt');
  return {
    host,
    port,
    database,
    user,
    password,
    superuser: { ...superuser, uri: uri + database },
    ca,
    caFile,
    query,
    pid: server.pid,
    log: server.log,
    stop,
  };
}

async function configure(data: string, options: PostgresOptions, user: string, auth: 'scram' | 'md5' | 'trust'): Promise<string> {
  const tls = options.tls === true;
  const lines = [
    `listen_addresses = '${host}'`,
    `unix_socket_directories = ''`,
    'fsync = off',
    'full_page_writes = off',
    'synchronous_commit = off',
    'max_wal_size = 1GB',
    'log_min_messages = warning',
    ...(tls ? ['ssl = on', `ssl_cert_file = 'server.crt'`, `ssl_key_file = 'server.key'`] : []),
    ...(options.settings ?? []),
  ];
  const method = auth === 'scram' ? 'scram-sha-256' : auth;
  const rules = [`host all ${superuser.user} ${host}/32 scram-sha-256`, `${tls ? 'hostssl' : 'host'} all "${user}" ${host}/32 ${method}`];
  await writeFile(join(data, 'postgresql.conf'), `${lines.join('\n')}\n`);
  await writeFile(join(data, 'pg_hba.conf'), `${rules.join('\n')}\n`);
  if (!tls) return '';
  const { ca, certificate, key } = await makeServerCertificate(options.names ?? ['orders-db.internal', 'localhost', host]);
  await writeFile(join(data, 'ca.crt'), ca);
  await writeFile(join(data, 'server.crt'), certificate);
  await writeFile(join(data, 'server.key'), key, { mode: 0o600 });
  return ca;
}

/** Another process may take the port between our look and the server's: then the next. */
async function startOnFreePort(major: PostgresMajor, data: string): Promise<{ server: ServerProcess; port: number }> {
  for (let start = 1; ; start++) {
    const port = await freePort();
    try {
      const server = await startServer({
        argv: [postgresProgram(major, 'postgres'), '-D', data, '-p', String(port)],
        ready: /ready to accept connections/,
        stopSignal: 'SIGQUIT',
        env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      });
      return { server, port };
    } catch (error) {
      if (start === startsMax || !String(error).includes('Address already in use')) throw error;
    }
  }
}

async function createDatabase(uri: string, settled: { database: string; user: string; password: string; auth: string }): Promise<void> {
  const { database, user, password, auth } = settled;
  const owner = pg.escapeIdentifier(user);
  await queryOnce(
    `${uri}postgres`,
    `SET password_encryption = '${auth === 'md5' ? 'md5' : 'scram-sha-256'}'; CREATE ROLE ${owner} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    [],
  );
  await queryOnce(`${uri}postgres`, `CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER ${owner}`, []);
}

async function queryOnce(connectionString: string, text: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const result = await (values.length > 0 ? client.query(text, [...values]) : client.query(text));
    return lastRows(result);
  } finally {
    await client.end();
  }
}

/** Of several statements in one text pg gives one result each; the last one's rows are the answer. */
function lastRows(result: pg.QueryResult | readonly pg.QueryResult[]): readonly Record<string, unknown>[] {
  const last = 'rows' in result ? result : result[result.length - 1];
  return last?.rows ?? [];
}
