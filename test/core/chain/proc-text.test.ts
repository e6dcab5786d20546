import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSocket, parseArguments, parseStat, parseUid } from '#core/chain/proc-text.ts';

const REST = '4711 1 34816 4711 4194304 101 0 0 0 1 0 0 0 20 0 1 0 987654 4562944 872 18446744073709551615';

test('parseStat() reads what the kernel writes of this very process', () => {
  const stat = parseStat(readFileSync('/proc/self/stat', 'utf8'));
  assert.equal(stat?.pid, process.pid);
  assert.equal(stat?.parent, process.ppid);
});

test('parseStat() is not led astray by what a process calls itself', () => {
  for (const name of ['sh', 'a b', ') R 1 2 3', '(x) S 1', '\n', '1 (x) R 1']) {
    assert.deepEqual(parseStat(`12 (${name}) S 7 ${REST}\n`), { pid: 12, name, state: 'S', parent: 7, started: '987654' });
  }
});

test('parseStat() and its likes make null or a value of whatever text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseStat(text);
      parseUid(text);
      findSocket([text], { from: { address: text, port: 1 }, to: { address: '1.2.3.4', port: 2 } });
      assert.ok(Array.isArray(parseArguments(text)));
    }),
  );
  assert.equal(parseStat('12 (sh) S 7 1 2'), null);
});

test('parseUid() reads the real user', () => {
  assert.equal(parseUid('Name:\tsh\nUid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n'), 1000);
  assert.equal(parseUid('Name:\tUid:\t7\t\n'), null);
});

test('parseArguments() keeps empty arguments', () => {
  assert.deepEqual(parseArguments('node\0\0x y\0'), ['node', '', 'x y']);
  assert.deepEqual(parseArguments('overwritten title'), ['overwritten title']);
  assert.deepEqual(parseArguments(''), []);
});

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, remote: string, inode: string) =>
  `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000 20 4 30 10 -1\n`;
const CLIENT = { address: '10.0.0.7', port: 40_000 };
const TARGET = { address: '198.18.1.1', port: 5432 };
const FROM = '0700000A:9C40';
const TO = '010112C6:1538';

test('findSocket() finds the client’s end of a connection, and not the gateway’s', () => {
  const table = HEAD + row(TO, FROM, '111') + row(FROM, TO, '222');
  assert.equal(findSocket([table], { from: CLIENT, to: TARGET }), '222');
  assert.equal(findSocket(['', table], { from: { ...CLIENT, port: 40_001 }, to: TARGET }), null);
});

test('findSocket() finds no socket that nobody has open any more', () => {
  assert.equal(findSocket([HEAD + row(FROM, TO, '0')], { from: CLIENT, to: TARGET }), null);
});

test('findSocket() knows one address in all its spellings', () => {
  const mapped = `0000000000000000FFFF0000${FROM}`;
  const mappedTo = `0000000000000000FFFF0000${TO}`;
  assert.equal(findSocket([HEAD + row(mapped, mappedTo, '5')], { from: CLIENT, to: TARGET }), '5');
  assert.equal(
    findSocket([HEAD + row(FROM, TO, '6')], {
      from: { ...CLIENT, address: '::ffff:10.0.0.7' },
      to: { ...TARGET, address: '::ffff:c612:101' },
    }),
    '6',
  );
  const six = row('747564FD000000790000000001000000:1538', '00000000000000000000000001000000:0001', '7');
  const to = { address: '::1', port: 1 };
  assert.equal(findSocket([HEAD + six], { from: { address: 'fd64:7574:7900::1', port: 5432 }, to }), '7');
  assert.equal(findSocket([HEAD + six], { from: { address: 'fd64:7574:7900:0:0:0:0:1', port: 5432 }, to }), '7');
});
