import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChainState, chainLine, EMPTY_CHAIN } from '#core/audit/chain.ts';
import type { AuditEntry } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { COMMANDS_MAX, CONNECTIONS_MAX, Gatherer, INCIDENTS_MAX } from '#report/gatherer.ts';
import { commandEntry, operationEntries } from '#test/fixtures/bundle.ts';

const AT = '2026-01-02T03:04:05.678Z';

function linesOf(entries: readonly AuditEntry[]): readonly Buffer[] {
  let chain: ChainState = EMPTY_CHAIN;
  return entries.map((entry) => {
    const { line, state } = chainLine(chain, AT, entry);
    chain = state;
    return Buffer.from(line);
  });
}

function gather(entries: readonly AuditEntry[], entriesMax = entries.length): Gatherer {
  const gatherer = new Gatherer(entriesMax);
  for (const line of linesOf(entries)) gatherer.take(line);
  return gatherer;
}

const connection = (event: 'opened' | 'refused' | 'closed', id = 'c', why: string | null = null): AuditEntry => ({
  ...{ kind: 'connection', connection: id, link: '0', target: 'orders-db', event, why },
});

test('Gatherer joins operations with the command of their connection', () => {
  const ended: AuditEntry = { kind: 'command', link: '0', event: 'ended', argv: ['true'], exitCode: 3, signal: null };
  const { operations, commands, connections } = gather([commandEntry(), ...operationEntries(), ended]).gathered();
  assert.deepEqual(
    operations.map(({ n, link, outcome, effects, reasons }) => [n, link, outcome, effects, reasons]),
    [
      [2, '0', 'allow', ['read public.orders'], []],
      [4, '0', 'deny', ['drop public.orders'], ['nothing-allows']],
    ],
  );
  assert.deepEqual(commands[0], {
    ...{ link: '0', argv: 'true', started: AT, ended: AT, result: { exitCode: 3, signal: null }, recorded: [] },
  });
  assert.deepEqual(connections, [{ at: AT, link: '0', target: 'orders-db', refused: false, why: null, closed: AT }]);
});

test('Gatherer takes what was verified, and nothing that comes after it', () => {
  const entries = [commandEntry(), ...operationEntries()];
  const gatherer = gather(entries, 3);
  assert.equal(gatherer.gathered().operations.length, 1);
  const last = sha256Hex(linesOf(entries)[2] ?? '');
  assert.deepEqual(
    [gatherer.isChainTo(last), gather(entries, 2).isChainTo(last), gather(entries, 99).isChainTo(last)],
    [true, false, false],
  );
  assert.ok(gather([], 0).isChainTo(EMPTY_CHAIN.last));
  assert.equal(gather(entries, 0).gathered().commands.length, 0);
});

test('Gatherer knows lines that are not the chain that was verified, the first as the last', () => {
  const lines = linesOf([commandEntry(), ...operationEntries()]);
  const last = sha256Hex(lines.at(-1) ?? '');
  for (let changed = 0; changed < lines.length; changed += 1) {
    const gatherer = new Gatherer(lines.length);
    for (const [n, line] of lines.entries()) gatherer.take(n === changed ? Buffer.from(line.toString().replace('.678Z', '.679Z')) : line);
    assert.ok(!gatherer.isChainTo(last), `${changed}`);
  }
});

test('Gatherer passes over what is no entry, or is of a later version', () => {
  const gatherer = new Gatherer(10);
  for (const line of ['', '{', '{"at":1}', '[]', 'null', '\xff']) gatherer.take(Buffer.from(line, 'latin1'));
  const [line = ''] = linesOf([commandEntry()]);
  gatherer.take(Buffer.from(line.toString().replace('"kind":"command"', '"kind":"sorcery"')));
  const { operations, commands, incidents } = gatherer.gathered();
  assert.deepEqual([operations, commands, incidents], [[], [], []]);
});

test('Gatherer shows a bounded part of what is too many, and says how many more there are', () => {
  const entries: AuditEntry[] = [];
  for (let n = 0; n < COMMANDS_MAX + 2; n += 1) entries.push(commandEntry(`${n}`));
  for (let n = 0; n < CONNECTIONS_MAX + 3; n += 1) entries.push(connection('opened', `c${n}`));
  entries.push(connection('refused', 'x', 'no such target'));
  for (let n = 0; n < INCIDENTS_MAX + 1; n += 1) entries.push({ kind: 'incident', incident: 'second-open', clientKey: 'k'.repeat(43) });
  const { commands, commandsLeftOut, connections, connectionsLeftOut, incidents } = gather(entries).gathered();
  assert.deepEqual([commands.length, commandsLeftOut], [COMMANDS_MAX, 2]);
  assert.deepEqual([connections.length, connectionsLeftOut], [CONNECTIONS_MAX + 1, 3]);
  assert.deepEqual([connections.at(-1)?.refused, connections.at(-1)?.why], [true, 'no such target']);
  assert.equal(incidents.length, INCIDENTS_MAX);
});

test('Gatherer counts what the chain covers of a recording, of commands alone', () => {
  const recording = (file: string): AuditEntry => ({ kind: 'recording', file, offset: 0, bytes: 5, sha256: '0'.repeat(64) });
  const files = [
    'recordings/0/terminal.rec',
    'recordings/0/terminal.rec',
    'recordings/9/terminal.rec',
    '../terminal.rec',
    'recordings/0/responses.rec',
    'recordings/0/terminal.rec.age',
  ];
  const { commands } = gather([commandEntry(), ...files.map(recording)]).gathered();
  assert.deepEqual(
    commands.map(({ link, recorded }) => [link, recorded]),
    [['0', [{ path: files[0], bytes: 10 }]]],
  );
});

test('Gatherer shows what a command reached besides targets among its connections', () => {
  const egress = (event: 'asked' | 'opened' | 'refused' | 'closed', more: object): AuditEntry => ({
    ...{ kind: 'egress', link: '0', attempt: 'e1', event, host: 'a.example', port: 443, rule: null, protocol: null, seen: null },
    ...{ address: null, why: null, sent: 0, received: 0, durationMicros: 0, times: 1, ...more },
  });
  const beyond = { attempt: '', host: '', port: null, why: 'too many', times: 9 };
  const { connections } = gather([
    commandEntry(),
    ...[egress('asked', { attempt: '', port: null }), egress('opened', {}), egress('closed', {}), egress('refused', beyond)],
  ]).gathered();
  assert.deepEqual(connections, [
    { at: AT, link: '0', target: 'a.example:443', refused: false, why: null, closed: AT },
    { at: AT, link: '0', target: 'other names', refused: true, why: 'too many (9 times)', closed: null },
  ]);
});
