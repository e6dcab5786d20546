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
const certificate = await authority.issue({ dns: [HOST, 'other.example'], ip: ['127.0.0.1'] });

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

/**
 * Shell text: the address that the cage's resolver gives the name, in `$at`. This name stands in /etc/hosts, which
 * programs read before they ask a resolver.
 */
export const ASK = `at=$(${process.execPath} -e 'require("dns").resolve4("${HOST}", (e, a) => console.log(e ? e.code : a[0]))')`;

/** Runs a script in a real cage under a policy with this `egress`. The authority's certificate is in `ca.pem`. */
export async function runWithEgress(t: TestContext, egress: object, script: string): Promise<EgressRun> {
  const { policyPath, secretsPath, evidenceFolder } = makeFolder(t, { policy: `${POLICY}egress: ${JSON.stringify(egress)}\n` });
  const cwd = dirname(policyPath);
  writeFileSync(join(cwd, 'ca.pem'), authority.ca);
  const args = ['run', '--policy', policyPath, '--secrets', secretsPath ?? '', '--evidence', evidenceFolder, '--', 'bash', '-c', script];
  const child = spawn(process.execPath, ['--disable-sigusr1', CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
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
