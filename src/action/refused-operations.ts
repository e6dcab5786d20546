import { LINE_BYTES_MAX } from '#core/audit/chain.ts';
import { type KnownEntry, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { auditPieces } from '#core/verify/audit-pieces.ts';
import type { BundleReader } from '#core/verify/bundle-reader.ts';
import { LineSplitter } from '#core/verify/lines.ts';
import { decodeUtf8 } from '#core/verify/manifest.ts';

export const REFUSED_KEPT_MAX = 100;
const TEXT_CHARACTERS_MAX = 2000;
const TEXTS_MAX = 10;

/** An operation that was not let through. All of it is the client's, the target's or the policy's text. */
export type RefusedOperation = {
  readonly at: string;
  readonly target: string;
  readonly statement: string;
  readonly reasons: readonly string[];
};

/** The first of them, and how many there are. */
export type RefusedOperations = { readonly first: readonly RefusedOperation[]; readonly count: number };

/** Reads them from a bundle's audit, in memory bounded by what is kept. Whether the bundle is whole, verify says; what is no entry is passed over. */
export async function readRefused(reader: BundleReader): Promise<RefusedOperations> {
  const first: RefusedOperation[] = [];
  let count = 0;
  const lines = new LineSplitter(LINE_BYTES_MAX, (bytes) => {
    const refused = refusedIn(bytes);
    if (refused === null) return;
    count += 1;
    if (first.length < REFUSED_KEPT_MAX) first.push(refused);
  });
  for await (const piece of auditPieces(reader, await reader.members())) if (!lines.push(piece)) break;
  return { first, count };
}

function refusedIn(bytes: Uint8Array): RefusedOperation | null {
  const line = parseLine(bytes);
  if (line === null) return null;
  const read = readEntry(line.entry);
  if (!('known' in read) || !read.known || read.entry.kind !== 'decision') return null;
  if (read.entry.outcome === 'allow' || read.entry.outcome === 'hold') return null;
  return operation(line.at, read.entry);
}

function operation(at: string, { target, statement, reasons }: Extract<KnownEntry, { kind: 'decision' }>): RefusedOperation {
  const cut = (text: string): string => text.slice(0, TEXT_CHARACTERS_MAX);
  return { at, target: cut(target), statement: cut(statement), reasons: reasons.slice(0, TEXTS_MAX).map(cut) };
}

function parseLine(bytes: Uint8Array): LineEnvelope | null {
  try {
    const parsed = LineEnvelope.safeParse(JSON.parse(decodeUtf8(bytes) ?? ''));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
