import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { clientProgram } from '#test/servers/clients.ts';
import type { Path } from './paths.ts';

export type Login = { readonly database: string; readonly user: string };

/** Plain connections everywhere: the server that is compared with has no TLS either. */
const ENVIRONMENT = { ...process.env, PGSSLMODE: 'disable', PGGSSENCMODE: 'disable', PGCONNECT_TIMEOUT: '10' };

/** Fills the tables that pgbench reads: 100,000 accounts a unit of scale. */
export async function preparePgbench(path: Path, login: Login, scale: number): Promise<void> {
  await runPgbench(path, login, ['-i', '-q', '-s', String(scale)]);
}

/** Read-only transactions a second, of one second, connecting not counted. */
export async function selectsPerSecond(path: Path, login: Login, mode: 'simple' | 'prepared', clients: number): Promise<number> {
  const output = await runPgbench(path, login, ['-S', '-n', '-M', mode, '-c', String(clients), '-j', '1', '-T', '1']);
  const rate = Number(/^tps = ([\d.]+)/m.exec(output)?.[1]);
  if (rate > 0) return rate;
  throw new Error(`Cannot measure ${path.name}: pgbench said\n${output}`);
}

/** Rows a second of one result, read by a client that only counts them. */
export async function rowsPerSecond(path: Path, { database, user }: Login, query: string): Promise<number> {
  const socket = connect({ host: path.host, port: path.port, noDelay: true });
  const startup = Buffer.from(`\0\x03\0\0user\0${user}\0database\0${database}\0\0`, 'latin1');
  socket.write(Buffer.concat([uint32(startup.length + 4), startup]));
  const messages = messagesOf(socket);
  await readUntilReady(path, messages);
  const text = Buffer.from(`${query}\0`);
  const startedMs = performance.now();
  socket.write(Buffer.concat([Buffer.from('Q'), uint32(text.length + 4), text]));
  const rows = await readUntilReady(path, messages);
  const seconds = (performance.now() - startedMs) / 1000;
  socket.destroy();
  return rows / seconds;
}

type Counted = { readonly rows: number; readonly error: string | null; readonly ready: boolean };

/** Counts DataRow messages by their headers (PostgreSQL 18, 54.7); bodies are skipped, but for an error's. */
async function* messagesOf(socket: AsyncIterable<Buffer>): AsyncGenerator<Counted> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = 0;
  for await (const chunk of socket) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let rows = 0;
    let ready = false;
    let error: string | null = null;
    let at = skip;
    while (at + 5 <= bytes.length) {
      const type = bytes[at];
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (type === 0x44) rows++;
      else if (type === 0x45) error = bytes.toString('latin1', at + 5, Math.min(end, bytes.length)).replaceAll('\0', ' ');
      else if (type === 0x5a) ready = true;
      at = end;
    }
    rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : Buffer.alloc(0);
    skip = Math.max(0, at - bytes.length);
    yield { rows, error, ready };
  }
}

async function readUntilReady(path: Path, messages: AsyncGenerator<Counted>): Promise<number> {
  let rows = 0;
  for (;;) {
    const next = await messages.next();
    if (next.done === true) throw new Error(`Cannot measure ${path.name}: connection closed, expected ReadyForQuery`);
    if (next.value.error !== null) throw new Error(`Cannot measure ${path.name}: ${next.value.error}`);
    rows += next.value.rows;
    if (next.value.ready) return rows;
  }
}

async function runPgbench(path: Path, { database, user }: Login, args: readonly string[]): Promise<string> {
  if (path.caged !== undefined) return path.caged.run(args);
  const target = ['-h', path.host, '-p', String(path.port), '-U', user, database];
  const { stdout } = await promisify(execFile)(clientProgram('pgbench'), [...args, ...target], { env: ENVIRONMENT });
  return stdout;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
