import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hostAddresses, openEscapeBaits } from '#wrapper/escape-baits.ts';

const folder = mkdtempSync(join(tmpdir(), 'duty-gate-baits-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const settings = { uid: process.getuid?.() ?? 0, env: {}, programFiles: [], sessionFolder: folder };

const bait = (records: readonly string[], name: string): string | undefined =>
  records.find((record) => record.startsWith(`${name}=`))?.slice(name.length + 1);

test('openEscapeBaits() lays out servers that say the cookie, and takes them away', async () => {
  const { records, close } = await openEscapeBaits({ ...settings, socketFolders: { tmp: folder, home: '/no/such/folder' } });
  const cookie = bait(records, 'cookie') ?? '';
  assert.match(cookie, /^[0-9a-f]{32}$/);
  const [host = '', port = ''] = bait(records, 'tcp-loopback')?.split(' ') ?? [];
  const path = bait(records, 'path-socket-tmp') ?? '';
  const name = bait(records, 'abstract-socket') ?? '';
  assert.deepEqual([host, name[0]], ['127.0.0.1', '@']);
  for (const where of [{ host, port: Number(port) }, { path }, { path: name.replace('@', '\0') }]) {
    const [data] = await once(connect(where), 'data');
    assert.equal(String(data), cookie);
  }
  const client = createSocket('udp4');
  client.send('?', Number(bait(records, 'udp-loopback')?.split(' ')[1]), '127.0.0.1');
  const [answer] = await once(client, 'message');
  client.close();
  assert.equal(String(answer), cookie);
  const hidden = bait(records, 'hidden-file-read') ?? '';
  assert.deepEqual([readFileSync(hidden, 'utf8'), statSync(hidden).mode & 0o777], [cookie, 0o600]);
  assert.equal(bait(records, 'path-socket-home'), undefined);
  close();
  close();
  assert.deepEqual([readdirSync(folder), existsSync(path)], [[], false]);
});

test('openEscapeBaits() has another cookie and other names each time', async () => {
  const first = await openEscapeBaits({ ...settings, socketFolders: {} });
  first.close();
  const second = await openEscapeBaits({ ...settings, socketFolders: {} });
  second.close();
  for (const name of ['cookie', 'abstract-socket']) assert.notEqual(bait(first.records, name), bait(second.records, name));
});

test('hostAddresses() takes the first of each family that others reach', () => {
  const one = (address: string, family: 'IPv4' | 'IPv6', internal = false) => {
    const about = { address, internal, netmask: '', mac: '', cidr: null };
    return family === 'IPv4' ? { ...about, family } : { ...about, family, scopeid: 0 };
  };
  const lo = [one('127.0.0.1', 'IPv4', true), one('::1', 'IPv6', true)];
  const eth0 = [one('10.0.0.2', 'IPv4'), one('fe80::1', 'IPv6'), one('2001:db8::1', 'IPv6')];
  assert.deepEqual(hostAddresses({ lo, eth0, eth1: [one('10.0.0.3', 'IPv4')] }), { v4: '10.0.0.2', v6: '2001:db8::1' });
  assert.deepEqual(hostAddresses({ lo, gone: undefined }), { v4: null, v6: null });
});
