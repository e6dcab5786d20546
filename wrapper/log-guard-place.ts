/**
 * Where in a line of the log one is, byte by byte: at its start (nothing but white space so far), within a character that may
 * turn out to be white space, or, `null`, behind its start. The runner's lines end at LF, CR or both (.NET, StreamReader).
 */
export type Place = ReadonlyMap<number, Place> | null;

type Branch = Map<number, Branch>;

/** .NET's Char.IsWhiteSpace, but for CR and LF. */
const WHITE_SPACE = [
  0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
  0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
];

/** A tree over the UTF-8 bytes of white space whose every last byte leads back to its root. */
function whiteSpaceTree(): Branch {
  const root: Branch = new Map();
  for (const point of WHITE_SPACE) {
    const bytes = [...Buffer.from(String.fromCodePoint(point))];
    const last = bytes.pop();
    let branch = root;
    for (const byte of bytes) {
      const next = branch.get(byte) ?? new Map();
      branch.set(byte, next);
      branch = next;
    }
    if (last !== undefined) branch.set(last, root);
  }
  return root;
}

export const LINE_START: NonNullable<Place> = whiteSpaceTree();

export function nextPlace(place: Place, byte: number): Place {
  if (isLineEnd(byte)) return LINE_START;
  return place === null ? null : (place.get(byte) ?? null);
}

export function isLineEnd(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}

export function isWhiteSpace(point: number): boolean {
  return WHITE_SPACE.includes(point);
}
