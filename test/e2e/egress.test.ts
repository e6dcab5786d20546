import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { POLICY } from '#test/gateway/harness.ts';
import { openJob } from '#test/wrapper/job-session.ts';
import { ADDRESSES, ASK, type EgressRun, HOST, ownAddresses, runWithEgress, servers } from './egress.ts';

const [ADDRESS = ''] = ADDRESSES;

test('a command reaches a host by HTTPS that the policy names, and the evidence says so', async (t) => {
  const port = await servers.https(t, (_request, response) => response.end('hello from outside\n'));
  const { status, stdout, stderr, entries } = await runWithEgress(
    t,
    { allow: [`${HOST}:${port}`, ...ownAddresses(port)] },
    `${ASK}; curl -sS --resolve ${HOST}:${port}:$at --cacert ca.pem https://${HOST}:${port}/`,
  );
  assert.deepEqual([status, stdout.trim()], [0, 'hello from outside'], stderr);
  const [asked, opened, closed, ...more] = entries;
  assert.deepEqual([asked?.['event'], asked?.['host']], ['asked', HOST]);
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
      `curl -s http://sub.unnamed.example:${port}/`,
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
      ['sub.unnamed.example', null, 'no rule of egress covers it'],
      [HOST, port, 'its Host is another one than it was connected to'],
      [HOST, port, 'its Host is another one than it was connected to'],
      [HOST, port, 'its Host is another one than it was connected to'],
    ],
  );
});

test('a command clones by HTTPS, and reaches an address that the policy names by anything', async (t) => {
  const origin = mkdtempSync(join(tmpdir(), 'dg-egress-'));
  t.after(() => rmSync(origin, { recursive: true, force: true }));
  const git = (...args: string[]) => assert.equal(spawnSync('git', ['-C', origin, ...args]).status, 0, args.join(' '));
  git('init', '-q', '-b', 'main', '.');
  writeFileSync(join(origin, 'README'), 'cloned\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@a.example', 'commit', '-q', '-m', 'one');
  git('update-server-info');
  const port = await servers.https(t, (request, response) => {
    const path = join(origin, '.git', new URL(request.url ?? '', 'https://x').pathname.replace('/repository', ''));
    if (!existsSync(path)) return void response.writeHead(404).end();
    response.end(readFileSync(path));
  });
  const greeting = await servers.tcp(t, (socket) => void socket.end('I speak first\n'));
  const { stdout, stderr, entries } = await runWithEgress(
    t,
    { allow: [`${HOST}:${port}`, ...ownAddresses(port), ...ownAddresses(greeting)] },
    [
      ASK,
      `GIT_SSL_CAINFO=ca.pem git -c http.curloptResolve=${HOST}:${port}:$at clone -q https://${HOST}:${port}/repository here && cat here/README`,
      `cat </dev/tcp/${ADDRESS}/${greeting}`,
    ].join('; '),
  );
  assert.equal(stdout.replaceAll('\r', ''), 'cloned\nI speak first\n', stderr);
  assert.ok(entries.some(({ event, protocol, host }) => event === 'opened' && protocol === 'raw' && host === ADDRESS));
});

test('a name in TLS that is not the one that was resolved is refused, and passes marked in audit', async (t) => {
  const port = await servers.https(t, (_request, response) => response.end('reached\n'));
  const allow = [`${HOST}:${port}`, ...ownAddresses(port)];
  const script = `${ASK}; curl -sS --resolve other.example:${port}:$at --cacert ca.pem https://other.example:${port}/; true`;
  const blocked = await runWithEgress(t, { allow }, script);
  const watched = await runWithEgress(t, { allow, policy: 'audit' }, script);
  assert.ok(!blocked.stdout.includes('reached'));
  assert.match(watched.stdout, /^reached/);
  const told = ({ entries }: EgressRun) => entries.map(({ event, seen, why }) => [event, seen, typeof why === 'string']);
  assert.deepEqual(told(blocked), [
    ['asked', null, false],
    ['refused', 'other.example', true],
  ]);
  assert.deepEqual(told(watched), [
    ['asked', null, false],
    ['opened', 'other.example', true],
    ['closed', null, false],
  ]);
});

/** Sockets that a gateway holds, and its helpers. */
function holdings(pid: number): readonly [sockets: number, helpers: number] {
  const linked = (fd: string): string => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return '';
    }
  };
  const isHelper = (each: string): boolean => {
    try {
      return readFileSync(`/proc/${each}/status`, 'utf8').includes(`PPid:\t${pid}\n`);
    } catch {
      return false;
    }
  };
  return [
    readdirSync(`/proc/${pid}/fd`).filter((fd) => linked(fd).startsWith('socket:')).length,
    readdirSync('/proc').filter((each) => /^[1-9]\d*$/.test(each) && isHelper(each)).length,
  ];
}

test('a name has one address in a job, and its listeners are made once', async (t) => {
  const egress = JSON.stringify({ allow: [`${HOST}:1`, ...ownAddresses(1)] });
  const { gateway, run, session } = await openJob(t, null, `${POLICY}egress: ${egress}\n`);
  const pid = gateway.child.pid ?? 0;
  const ask = (): void => {
    const { status, stdout, stderr } = run(['run', '--', 'sh', '-c', `${ASK}; echo $at`]);
    assert.deepEqual([status, stdout.trim()], [0, '198.19.128.1'], stderr);
  };
  ask();
  const settled = async (most: number): Promise<void> => {
    const deadline = performance.now() + 10_000;
    while ((holdings(pid)[0] > most || holdings(pid)[1] > 0) && performance.now() < deadline) await delay(50);
    assert.ok(holdings(pid)[0] <= most && holdings(pid)[1] === 0, `${holdings(pid)}`);
  };
  await delay(500);
  const [once] = holdings(pid);
  for (let n = 1; n <= 3; n++) ask();
  await settled(once);
  await session.close();
});
