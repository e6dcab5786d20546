import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LogGuard } from '#wrapper/log-guard.ts';
import { CANDIDATE_BYTES_MAX } from '#wrapper/log-guard-commands.ts';

const FORBIDDEN = [
  'add-mask',
  'stop-commands',
  'set-env',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'save-state',
  'internal-set-repo-path',
];
const EVERYDAY = ['error', 'warning', 'notice', 'debug', 'group', 'endgroup', 'set-output', 'echo'];

type Bytes = string | readonly number[] | Uint8Array;
const bytesOf = (each: Bytes): Buffer => (typeof each === 'string' ? Buffer.from(each) : Buffer.from(each));

/** What goes out of these pushes, each write of its own. */
function pass(pushes: readonly Bytes[]): { writes: Buffer[]; log: Buffer; withheld: Record<string, number> } {
  const guard = new LogGuard();
  const writes = [...pushes.map((each) => Buffer.from(guard.push(bytesOf(each)))), guard.end()].filter(({ length }) => length > 0);
  return { writes, log: Buffer.concat(writes), withheld: Object.fromEntries(guard.withheld) };
}

/**
 * The runner's reader on what it gets by these reads (.NET, StreamReader: DetectEncoding, ReadLine): it looks for a mark at the
 * beginning of a read until one had three bytes or more. Null: it would go on in another encoding.
 */
function readLines(reads: readonly Buffer[]): string[] | null {
  let isLooking = true;
  const kept = reads.map((read) => {
    if (!isLooking || read.length < 2) return read;
    isLooking = read.length === 2;
    const [a, b, c, d] = read;
    if ((a === 0xfe && b === 0xff) || (a === 0xff && b === 0xfe)) return null;
    if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return null;
    return a === 0xef && b === 0xbb && c === 0xbf ? read.subarray(3) : read;
  });
  if (kept.includes(null)) return null;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept.filter((read) => read !== null)));
  return text.split(/\r\n|\r|\n/);
}

/** ActionCommand.TryParseV2, then TryParse, but both count, and names may be known to nobody. */
function commandsOf(line: string): string[] {
  const found: string[] = [];
  const trimmed = line.replace(/^[\p{Zs}\p{Zl}\p{Zp}\t-\r\u0085]+/u, '');
  const end = trimmed.indexOf('::', 2);
  if (trimmed.startsWith('::') && end >= 0) found.push(trimmed.slice(2, end));
  for (const { index } of line.matchAll(/##\[/g)) {
    const close = line.indexOf(']', index);
    if (close >= 0) found.push(line.slice(index + 3, close));
  }
  return found.map((info) => (info.split(' ')[0] ?? '').replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase());
}

/** What is forbidden in a log, however the writes are joined by the time they are read. */
function forbiddenIn(writes: readonly Buffer[]): string[] {
  const ways = [
    writes,
    [Buffer.concat(writes)],
    ...writes.slice(1).map((_, n) => [Buffer.concat(writes.slice(0, n + 1)), ...writes.slice(n + 1)]),
  ];
  return ways.flatMap((reads) => {
    const lines = readLines(reads);
    return lines === null ? ['another encoding'] : lines.flatMap(commandsOf).filter((name) => FORBIDDEN.includes(name));
  });
}

const said = (name: string) => `[duty-gate: a workflow command "${name}" from inside was not passed on]`;
const MASK = said('add-mask');

/** Every way to cut into two, and into single bytes. */
function cuts(bytes: Buffer): Buffer[][] {
  const two = Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [[bytes], ...two, Array.from(bytes, (byte) => Buffer.of(byte))];
}

describe('LogGuard does not pass on', () => {
  for (const [name, printed, log] of [
    ['a command', '::add-mask::s3cret\nnext\n', `${MASK}\nnext\n`],
    ['a command behind CR alone', 'x\r::add-mask::s3cret\r\nnext', `x\r${MASK}\r\nnext`],
    ['a command behind blanks of every width', 'x\n \t\u2003\u00a0\u0085\u3000::add-mask::s3cret', `x\n \t\u2003\u00a0\u0085\u3000${MASK}`],
    ['a command with parameters', '::set-env name=A::s3cret\n', `${said('set-env')}\n`],
    ['a command in any case', '::AdD-mAsK::s3cret\n', `${MASK}\n`],
    ['a command whose end is hidden', '::add-mask:\u200d:s3cret\n::add-mask\u200d::s3cret\n', `${MASK}\n${MASK}\n`],
    ['the old form', 'text ##[AdD-MaSk]s3cret\nnext', `text  ${MASK}\nnext`],
    ['the old form in the old form', '##[##[add-mask]s3cret', `##[ ${MASK}`],
    ['the old form behind hashes', '####[add-mask]s3cret', `## ${MASK}`],
    ['the old form behind an everyday command', '::error::x ##[add-mask]s3cret\n', `::error::x  ${MASK}\n`],
    ['the old form behind another that a locale may not see', '##[\u0301]##[add-mask]s3cret\n', `##[\u0301] ${MASK}\n`],
    ['many', '::add-mask::s3cret\r::stop-commands::s3cret\n::add-path::s3cret', `${MASK}\r${said('stop-commands')}\n${said('add-path')}`],
    ["a command behind UTF-8's mark", '\ufeff::add-mask::s3cret\nx', `${MASK}\nx`],
    ["a command behind UTF-8's mark, twice", '\ufeff\ufeff::add-mask::s3cret\nx', `${MASK}\nx`],
  ] as const) {
    test(`${name}, wherever it is cut`, () => {
      for (const pushes of cuts(Buffer.from(printed))) {
        const { log: passed, writes } = pass(pushes);
        assert.equal(passed.toString(), log);
        assert.deepEqual(forbiddenIn(writes), []);
      }
    });
  }

  test('what would be one in another encoding', () => {
    for (const encoding of ['utf16le', 'utf16be'] as const) {
      const text = Buffer.from('\ufeff::add-mask::x\n', 'utf16le');
      const bytes = encoding === 'utf16le' ? text : text.swap16();
      for (const before of ['', 'x', 'xy', '\n', '\0', '\0\0', '#', 'a#', 'ab#', '\ufeff']) {
        const single = Array.from(Buffer.from(before), (byte) => [byte]);
        for (const pushes of cuts(bytes)) assert.deepEqual(forbiddenIn(pass([...single, ...pushes]).writes), [], JSON.stringify(before));
      }
    }
  });

  test('it counts each, and says no value', () => {
    const { withheld, log } = pass(FORBIDDEN.map((name) => `::${name} name=s3cret::s3cret\nx ##[${name.toUpperCase()} s3cret]s3cret\n`));
    assert.deepEqual(withheld, Object.fromEntries(FORBIDDEN.map((name) => [name, 2])));
    assert.doesNotMatch(log.toString(), /s3cret/);
  });

  test('the rest of a line, however long, holding nothing', () => {
    const guard = new LogGuard();
    assert.equal(guard.push(Buffer.from('::add-mask::')).toString(), MASK);
    for (let n = 0; n < 100; n += 1) assert.equal(guard.push(Buffer.alloc(100_000, 'x')).length, 0);
    assert.equal(guard.push(Buffer.from('\nnext')).toString(), '\nnext');
  });
});

describe('LogGuard passes on', () => {
  for (const [name, printed] of [
    ['everyday commands', EVERYDAY.map((each) => `::${each} a=b::c\n##[${each}]d\n`).join('')],
    ['what is no command', 'std::add-mask::x\n\x1b[0m::add-mask::x\n\0::add-mask::x\n::add-mask\n##[add-mask\n: :add-mask::x\n::TOKEN::\n'],
    ['the beginning of a name at the end', 'x\n::add-mas'],
    ['a name at the end', 'x\n::add-mask'],
    ['two bytes', 'ab'],
    ['NULs', '\0\0\0\0x\0\n\0'],
    ['what is no UTF-8, past the beginning', Buffer.from([0x61, 0x62, 0x63, 0xff, 0xfe, 0x80, 0xe2, 0x80])],
  ] as const) {
    test(`${name} as it is, wherever it is cut`, () => {
      for (const pushes of cuts(Buffer.from(printed))) assert.deepEqual(pass(pushes).log, Buffer.from(printed));
    });
  }

  test('marked, what looks like ours, wherever it is cut', () => {
    const printed = 'Duty-gate: checkpoint dgc1.s.1\n\x1b[1mduty\u200b-gate:\x1b[m\u00a0x';
    const log = 'Duty-gate: (printed inside) checkpoint dgc1.(printed inside) s.1\n\x1b[1mduty\u200b-gate:\x1b[m\u00a0(printed inside) x';
    for (const pushes of cuts(Buffer.from(printed))) assert.equal(pass(pushes).log.toString(), log);
  });

  test('ordinary output without a copy', () => {
    const guard = new LogGuard();
    for (const text of ['compiling: ok #1 done\r\n  indented\n\tdeep ding-dong\n', 'a'.repeat(100_000), '> ', '$ ', 'root# ']) {
      const bytes = Buffer.from(text);
      assert.equal(guard.push(bytes), bytes, JSON.stringify(text.slice(0, 20)));
    }
    const memory = new Uint8Array([0x61, 0x62, 0x63]);
    assert.equal(guard.push(memory).buffer, memory.buffer);
  });

  test('white space at once, however much of it comes before a command', () => {
    const guard = new LogGuard();
    guard.push(Buffer.from('abc\n'));
    for (let n = 0; n < 10; n += 1) {
      const blanks = Buffer.from(' \u2003'.repeat(10_000));
      assert.equal(guard.push(blanks), blanks);
    }
    assert.equal(guard.push(Buffer.from('::add-mask::x')).toString(), MASK);
  });
});

test('LogGuard lets nothing forbidden through, in the same way however it is cut, and holds a few bytes at most', () => {
  const names = [...FORBIDDEN, ...EVERYDAY, 'add-mas\u212a', '\u017fet-env', 'ADD-MASK', 'duty-gate', 'dgc1'];
  const piece: fc.Arbitrary<Bytes> = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('::', ':', '##[', '#', '[', ']', ' ', '\r', '\n', '\t', 'x', '\0', '.', '\x1b[m') },
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 2, arbitrary: fc.constantFrom(...names).map((name) => `\n::${name}::v`) },
    { weight: 2, arbitrary: fc.constantFrom('\u2003', '\u00a0', '\u0085', '\u3000', '\u200d', '\ufeff', '\u0301') },
    { weight: 1, arbitrary: fc.constantFrom([0xff, 0xfe], [0xfe, 0xff], [0, 0, 0xfe, 0xff], [0xff], [0xfe], [0xe2], [0xc5], [0xef, 0xbb]) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 4 }) },
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), fc.array(fc.nat({ max: 80 }), { maxLength: 8 }), (pieces, places) => {
      const bytes = Buffer.concat(pieces.map(bytesOf));
      const whole = pass([bytes]);
      const at = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
      const pushes = at.slice(1).map((end, n) => bytes.subarray(at[n], end));
      const cut = pass(pushes);
      assert.deepEqual([cut.log.toString('latin1'), cut.withheld], [whole.log.toString('latin1'), whole.withheld]);
      for (const { writes } of [whole, cut, pass(Array.from(bytes, (byte) => [byte]))]) assert.deepEqual(forbiddenIn(writes), []);
      const guard = new LogGuard();
      const shown = guard.push(bytes).length;
      assert.ok(guard.end().length <= Math.max(2, CANDIDATE_BYTES_MAX), `${shown}`);
      assert.doesNotMatch(whole.log.toString('latin1'), /duty-gate: (?!\(printed inside\))checkpoint|dgc1\.s/i);
    }),
    { numRuns: 5000 },
  );
});

test('LogGuard hands on the very bytes where nothing in them can begin anything', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.uint8Array({ minLength: 3, maxLength: 50 }).map((bytes) => bytes.map((byte) => ([0x23, 0x3a].includes(byte) ? 0x78 : byte))),
      ),
      (all) => {
        const guard = new LogGuard();
        guard.push(Buffer.from('abc'));
        for (const each of all) {
          const bytes = Buffer.from(each);
          if (/[dD]/.test(bytes.toString('latin1'))) continue;
          assert.equal(guard.push(bytes), bytes);
        }
      },
    ),
  );
});
