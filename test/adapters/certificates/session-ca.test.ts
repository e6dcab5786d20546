import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { createSessionCa, type ServerCertificate } from '#adapters/certificates/session-ca.ts';

const NAMES = { dns: ['orders-db.internal', 'orders-db.duty-gate', 'localhost'], ip: ['198.18.1.1', 'fd64:7574:7900:1::1', '127.0.0.1'] };

async function serve(t: TestContext, certificate: ServerCertificate): Promise<number> {
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (socket) => socket.end('hello'));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port; // it listens at an address, not at a path
}

/** What a client that verifies the chain and this name is told: null when it is content. */
function verify(port: number, ca: string, host: string): Promise<string | null> {
  const isAddress = /^[0-9.]+$|:/.test(host);
  return new Promise((resolve) => {
    const socket = connect({
      ...{ port, ca, host: '127.0.0.1', rejectUnauthorized: true, ...(isAddress ? {} : { servername: host }) },
      checkServerIdentity: (_name, peer) => identity(host, new X509Certificate(peer.raw)),
    });
    socket.once('secureConnect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** OpenSSL's own check of names, as libpq's verify-full has it. */
function identity(host: string, certificate: X509Certificate): Error | undefined {
  const options = { subject: 'never' } as const;
  const matches = /^[0-9.]+$|:/.test(host) ? certificate.checkIP(host) : certificate.checkHost(host, options);
  return matches === undefined ? Object.assign(new Error('name'), { code: 'WRONG_NAME' }) : undefined;
}

test('createSessionCa() makes certificates that clients verify by each name and address', async (t) => {
  const ca = await createSessionCa(Date.now());
  const port = await serve(t, await ca.issue(NAMES));
  for (const name of [...NAMES.dns, ...NAMES.ip]) assert.equal(await verify(port, ca.ca, name), null, name);
});

test('createSessionCa() makes certificates for no other name', async (t) => {
  const ca = await createSessionCa(Date.now());
  const port = await serve(t, await ca.issue(NAMES));
  for (const name of ['other.internal', 'x.orders-db.internal', '198.18.1.2', 'duty-gate target']) {
    assert.equal(await verify(port, ca.ca, name), 'WRONG_NAME', name);
  }
});

test('createSessionCa() is trusted by its own session only', async (t) => {
  const [ca, other] = await Promise.all([createSessionCa(Date.now()), createSessionCa(Date.now())]);
  const port = await serve(t, await ca.issue(NAMES));
  assert.notEqual(await verify(port, other.ca, 'localhost'), null);
});

const TIMES: readonly { name: string; afterMs: number; expected: string | null }[] = [
  { name: 'issued 23 hours ago', afterMs: -23 * 3_600_000, expected: null },
  { name: 'issued 25 hours ago', afterMs: -25 * 3_600_000, expected: 'CERT_HAS_EXPIRED' },
  { name: 'issued by a clock 50 minutes ahead', afterMs: 50 * 60_000, expected: null },
  { name: 'issued by a clock two hours ahead', afterMs: 2 * 3_600_000, expected: 'CERT_NOT_YET_VALID' },
];

for (const { name, afterMs, expected } of TIMES) {
  test(`createSessionCa() makes certificates that are ${expected ?? 'good'} when ${name}`, async (t) => {
    const ca = await createSessionCa(Date.now() + afterMs);
    assert.equal(await verify(await serve(t, await ca.issue(NAMES)), ca.ca, 'localhost'), expected);
  });
}

test('createSessionCa() makes an authority that can only sign leaves, and leaves that cannot sign', async () => {
  const session = await createSessionCa(Date.now());
  const ca = new X509Certificate(session.ca);
  const leaf = new X509Certificate((await session.issue(NAMES)).cert);
  assert.deepEqual([ca.ca, leaf.ca], [true, false]);
  assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey));
  assert.notEqual(leaf.serialNumber, ca.serialNumber);
  assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

test('createSessionCa() takes a target with no name that X.509 could hold', async () => {
  const session = await createSessionCa(Date.now());
  const leaf = new X509Certificate((await session.issue({ dns: ['x'.repeat(300)], ip: ['198.18.1.1'] })).cert);
  assert.equal(leaf.subjectAltName, 'IP Address:198.18.1.1');
});
