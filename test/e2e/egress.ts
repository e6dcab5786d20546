import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { createSessionCa } from '#adapters/certificates/session-ca.ts';
import { entriesOf, makeFolder, POLICY, verify } from '#test/gateway/harness.ts';

const CLI = join(import.meta.dirname, '../../src/cli/main.ts');

/** A name that every machine resolves without asking anybody, and what to. */
export const HOST = 'localhost';
export const ADDRESSES = [...new Set((await lookup(HOST, { all: true })).map(({ address }) => address))];
const [ADDRESS = ''] = ADDRESSES;

const authority = await createSessionCa(Date.now());
/** Where a test makes names of its own known: outside the cage alone. */
export const REGISTRY = 'registry.example';
const certificate = await authority.issue({ dns: [HOST, REGISTRY, 'other.example'], ip: ['127.0.0.1'] });

export type EgressRun = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly entries: readonly Entry[];
};
type Entry = Readonly<Record<string, unknown>>;

async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, ADDRESS);
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Servers of this very machine, at the address that its name has. */
export const servers = {
  http: (t: TestContext, answer: RequestListener) => listen(t, createHttpServer(answer)),
  https: (t: TestContext, answer: RequestListener) => listen(t, createHttpsServer(certificate, answer)),
  tcp: (t: TestContext, onConnection: Parameters<typeof createServer>[1]) => listen(t, createServer({ allowHalfOpen: true }, onConnection)),
};

/** Every address of this machine's name, at a port: what lets a private answer pass. */
export function ownAddresses(port: number): readonly string[] {
  return ADDRESSES.map((address) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`));
}

/** In a mount namespace with an /etc/hosts of its own. */
function withNames(folder: string, command: readonly string[]): readonly string[] {
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, `${ADDRESS} ${HOST} ${REGISTRY}\n`);
  const namespaces = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-current-user', '--keep-caps', '--mount'];
  return [
    'unshare',
    ...namespaces,
    '--propagation',
    'private',
    'bash',
    '-ec',
    `mount --bind ${hosts} /etc/hosts; exec "$@"`,
    'bash',
    ...command,
  ];
}

/**
 * Shell text: the address that the cage's resolver gives the name, in `$at`. This name stands in /etc/hosts, which
 * programs read before they ask a resolver.
 */
export const ASK = `at=$(${process.execPath} -e 'require("dns").resolve4("${HOST}", (e, a) => console.log(e ? e.code : a[0]))')`;

export type EgressInput = {
  /** Text by file name, in the folder that the script runs in. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Whether the gateway resolves REGISTRY, to this machine, and nothing inside does. */
  readonly named?: boolean;
};

/** Runs a script in a real cage under a policy with this `egress`. The authority's certificate is in `ca.pem`. */
export async function runWithEgress(t: TestContext, egress: object, script: string, input: EgressInput = {}): Promise<EgressRun> {
  const hidden = input.named === true ? 'confinement: { hide: [/etc/hosts] }\n' : '';
  const { policyPath, secretsPath, evidenceFolder } = makeFolder(t, { policy: `${POLICY}${hidden}egress: ${JSON.stringify(egress)}\n` });
  const cwd = dirname(policyPath);
  for (const [name, text] of Object.entries(input.files ?? {})) writeFileSync(join(cwd, name), text);
  writeFileSync(join(cwd, 'ca.pem'), authority.ca);
  const args = ['run', '--policy', policyPath, '--secrets', secretsPath ?? '', '--evidence', evidenceFolder, '--', 'bash', '-c', script];
  const command = [process.execPath, '--disable-sigusr1', CLI, ...args];
  const [file = '', ...words] = input.named === true ? withNames(cwd, command) : command;
  const child = spawn(file, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  const [status] = await once(child, 'close');
  const [bundle = ''] = readdirSync(evidenceFolder);
  const path = join(evidenceFolder, bundle);
  const { code, page } = await verify(path, '--allow-local');
  if (code !== 0) throw new Error(page);
  return { status, ...output, entries: entriesOf(path).filter(({ kind }) => kind === 'egress') };
}
