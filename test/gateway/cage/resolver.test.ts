import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, type Packet, type Question } from 'dns-packet';
import fc from 'fast-check';
import type { NameTable } from '#gateway/cage/addresses.ts';
import { answerQuery, askedName, QUERY_BYTES_MAX } from '#gateway/cage/resolver.ts';

const TABLE: NameTable = new Map([
  ['db.internal', { ipv4: '198.18.1.1', ipv6: 'fd64:7574:7900:1::1' }],
  ['four.internal', { ipv4: '198.18.1.2', ipv6: null }],
]);

function query(question: Partial<Question>, more: Partial<Packet> = {}): Buffer {
  return encode({
    type: 'query',
    id: 4711,
    flags: 0x100,
    questions: [{ type: 'A', name: 'db.internal', class: 'IN', ...question } as Question],
    ...more,
  });
}

function ask(packet: Buffer): { readonly rcode: number; readonly answers: readonly (readonly unknown[])[]; readonly packet: Packet } {
  const response = answerQuery(packet, TABLE);
  assert.ok(response);
  const decoded = decode(response);
  const answers = (decoded.answers ?? []).map((answer) => [answer.name, answer.type, 'data' in answer ? answer.data : null]);
  return { rcode: response.readUInt16BE(2) & 15, answers, packet: decoded };
}

for (const [name, question, rcode, answers] of [
  ['an address', {}, 0, [['db.internal', 'A', '198.18.1.1']]],
  ['an IPv6 address', { type: 'AAAA' }, 0, [['db.internal', 'AAAA', 'fd64:7574:7900:1::1']]],
  ['a name in any letter case, as it was asked', { name: 'dB.InterNal' }, 0, [['dB.InterNal', 'A', '198.18.1.1']]],
  ['no data for another type', { type: 'TXT' }, 0, []],
  ['no data for a family it has not', { name: 'four.internal', type: 'AAAA' }, 0, []],
  ['no such name for every other', { name: 'example.com' }, 3, []],
  ['no such name below one', { name: 'x.db.internal' }, 3, []],
  ['no such name for the root', { name: '.' }, 3, []],
  ['no such name for a reverse look-up', { name: '1.1.18.198.in-addr.arpa', type: 'PTR' }, 3, []],
  ['refused for another class', { class: 'CH' }, 5, []],
] as const) {
  test(`answerQuery() answers ${name}`, () => {
    const answer = ask(query(question as Partial<Question>));
    assert.deepEqual([answer.rcode, answer.answers, answer.packet.id], [rcode, answers, 4711]);
  });
}

test('answerQuery() repeats the question and the wish for recursion', () => {
  const { packet } = ask(query({ name: 'DB.internal' }));
  assert.deepEqual([packet.questions?.[0]?.name, packet.type, (packet.flags ?? 0) & 0x100], ['DB.internal', 'response', 0x100]);
});

test('answerQuery() tolerates EDNS, and answers in kind', () => {
  const opt = {
    type: 'OPT' as const,
    name: '.' as const,
    udpPayloadSize: 4096,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0x8000,
    flag_do: true,
    options: [],
  };
  const { rcode, answers, packet } = ask(query({}, { additionals: [opt] }));
  assert.deepEqual([rcode, answers.length, packet.additionals?.map(({ type }) => type)], [0, 1, ['OPT']]);
  assert.deepEqual(ask(query({})).packet.additionals, []);
});

for (const [name, packet, rcode] of [
  [
    'two questions',
    encode({
      type: 'query',
      id: 1,
      questions: [
        { type: 'A', name: 'a' },
        { type: 'A', name: 'b' },
      ],
    }),
    1,
  ],
  ['no question', encode({ type: 'query', id: 1, questions: [] }), 1],
  ['a question that is cut off', query({}).subarray(0, 17), 1],
  ['a name that points at itself', Buffer.concat([query({}).subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]), 1],
  ['a query that is too long', Buffer.concat([query({}), Buffer.alloc(QUERY_BYTES_MAX)]), 1],
  [
    'an update',
    (() => {
      const update = query({});
      update.writeUInt16BE(0x2800, 2);
      return update;
    })(),
    4,
  ],
] as const) {
  test(`answerQuery() answers ${name} with code ${rcode}`, () => assert.equal(ask(packet).rcode, rcode));
}

test('answerQuery() is silent where nothing can be answered, or a response comes', () => {
  assert.equal(answerQuery(Buffer.alloc(0), TABLE), null);
  assert.equal(answerQuery(Buffer.alloc(11), TABLE), null);
  const response = answerQuery(query({}), TABLE);
  assert.ok(response);
  assert.equal(answerQuery(response, TABLE), null);
});

test('answerQuery() never throws, and answers whatever it answers to the same query', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.tuple(fc.nat(40), fc.nat(255)).map(([at, byte]) => {
      const broken = query({});
      broken[at % broken.length] = byte;
      return broken;
    }),
  );
  fc.assert(
    fc.property(bytes, (packet) => {
      const response = answerQuery(packet, TABLE);
      if (response === null) return;
      assert.deepEqual(response.subarray(0, 2), Buffer.from(packet).subarray(0, 2));
      assert.ok((response[2] ?? 0) & 0x80);
      assert.ok(response.length <= 2 * QUERY_BYTES_MAX);
    }),
    { numRuns: 2000, verbose: 1 },
  );
});

test('askedName() is the name whose address a query asks for, and nothing else', () => {
  assert.equal(askedName(query({ name: 'A.Example' })), 'a.example');
  assert.equal(askedName(query({ name: 'a.example', type: 'AAAA' })), 'a.example');
  assert.equal(askedName(query({ name: 'a.example', type: 'TXT' })), null);
  assert.equal(askedName(query({}, { flags: 0x7800 })), null);
  assert.equal(askedName(Buffer.alloc(5)), null);
  assert.equal(askedName(Buffer.alloc(QUERY_BYTES_MAX + 1)), null);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void askedName(bytes)));
});
