import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { ADDRESSES, ASK, HOST, ownAddresses, runWithEgress, servers } from './egress.ts';

const [ADDRESS = ''] = ADDRESSES;

test('a command reaches a host by HTTPS that the policy names, and the evidence says so', async (t) => {
  const port = await servers.https(t, (_request, response) => response.end('hello from outside\n'));
  const { status, stdout, stderr, entries } = await runWithEgress(
    t,
    { allow: [`${HOST}:${port}`, ...ownAddresses(port)] },
    `${ASK}; curl -sS --resolve ${HOST}:${port}:$at --cacert ca.pem https://${HOST}:${port}/`,
  );
  assert.deepEqual([status, stdout.trim()], [0, 'hello from outside'], stderr);
  const [opened, closed, ...more] = entries;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [opened?.['event'], opened?.['host'], opened?.['port'], opened?.['rule'], opened?.['seen'], opened?.['protocol']],
    ['opened', HOST, port, 'egress.allow[0]', HOST, 'tls'],
  );
  assert.equal(closed?.['event'], 'closed');
  assert.ok(Number(closed?.['received']) > 500 && Number(closed?.['sent']) > 200);
});

test('a command reaches nothing that the policy does not name', async (t) => {
  const asked: unknown[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(request.url);
    response.end('reached\n');
  };
  const port = await servers.http(t, answer);
  const other = await servers.http(t, answer);
  const { stdout, entries } = await runWithEgress(
    t,
    { allow: [`${HOST}:${port}`, ...ownAddresses(port)] },
    [
      ASK,
      `curl -s --resolve ${HOST}:${port}:$at http://${HOST}:${port}/first`,
      `curl -s http://$at:${other}/`,
      `curl -s http://${ADDRESS}:${other}/`,
      'curl -s http://unnamed.example/',
      `curl -s http://sub.${HOST}:${port}/`,
      'curl -s -m 2 http://169.254.169.254/',
      `curl -s -H 'Host: other.example' http://$at:${port}/second`,
      `curl -s -x http://$at:${port} http://other.example/third`,
      `curl -s -p -x http://$at:${port} https://other.example/fourth`,
      'true',
    ].join('; '),
  );
  assert.deepEqual(asked, ['/first'], stdout);
  assert.deepEqual(
    entries.filter(({ event }) => event === 'refused').map(({ host, port: at, why }) => [host, at, why]),
    [
      ['unnamed.example', null, 'no rule of egress covers it'],
      [`sub.${HOST}`, null, 'no rule of egress covers it'],
      [HOST, port, 'its Host is another one than it was connected to'],
      [HOST, port, 'its Host is another one than it was connected to'],
      [HOST, port, 'its Host is another one than it was connected to'],
    ],
  );
});
