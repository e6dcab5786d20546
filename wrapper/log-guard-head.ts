/**
 * The runner's reader (.NET, StreamReader.ReadBuffer and DetectEncoding) looks for a byte order mark at the beginning of each
 * read until one had three bytes or more, and then reads all that follows as UTF-16 or UTF-32. So this much goes out at once,
 * first, and holds no mark.
 */
export const HEAD_BYTES = 3;

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const REPLACEMENT = Buffer.from('\ufffd');

/** `short`: too few to tell, come again with more behind them. */
export type Head = { readonly kind: 'short' | 'whole'; readonly bytes: Buffer };

/**
 * The output's first bytes without a byte order mark, as the runner would show them: it swallows UTF-8's, and what the others
 * are made of, FE and FF, is nothing in UTF-8.
 */
export function cleanHead(bytes: Buffer, isEnd: boolean): Head {
  let at = 0;
  while (bytes.length - at >= HEAD_BYTES && bytes.compare(UTF8_MARK, 0, HEAD_BYTES, at, at + HEAD_BYTES) === 0) at += HEAD_BYTES;
  const rest = at === 0 ? bytes : bytes.subarray(at);
  if (rest.length < HEAD_BYTES && !isEnd) return { kind: 'short', bytes: rest };
  const first = [...rest.subarray(0, HEAD_BYTES)];
  if (!first.some(isMarkByte)) return { kind: 'whole', bytes: rest };
  const clean = first.map((byte) => (isMarkByte(byte) ? REPLACEMENT : Buffer.of(byte)));
  return { kind: 'whole', bytes: Buffer.concat([...clean, rest.subarray(HEAD_BYTES)]) };
}

function isMarkByte(byte: number): boolean {
  return byte === 0xfe || byte === 0xff;
}
