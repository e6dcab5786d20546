import { type KeyObject, sign } from 'node:crypto';
import { publicJwk } from '#adapters/files/seal.ts';
import { canonicalJson } from '#core/audit/canonical-json.ts';
import { chainEncoded, EMPTY_CHAIN } from '#core/audit/chain.ts';
import { checkpointSigningInput } from '#core/audit/checkpoint.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { auditPieces } from '#core/verify/audit-pieces.ts';
import {
  auditFileNumber,
  encodeManifest,
  encodeSignature,
  MANIFEST_FILE,
  manifestSigningInput,
  SIGNATURE_FILE,
} from '#core/verify/manifest.ts';
import { type BundleFiles, memoryReader } from '#test/fixtures/memory-bundle.ts';

/** An entry as it stands in a line, whatever it says. */
export type RawEntry = { readonly kind: string } & Readonly<Record<string, unknown>>;
type RawLine = { readonly at: string; readonly entry: RawEntry };

async function linesOf(files: BundleFiles): Promise<readonly RawLine[]> {
  const reader = memoryReader(files);
  const pieces: Buffer[] = [];
  for await (const piece of auditPieces(reader, await reader.members())) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RawLine => JSON.parse(line));
}

/**
 * What somebody makes of a bundle who has the evidence key: other entries, in a chain, with checkpoints, a seal whose counts are
 * right, a manifest and a signature that all fit. Only what others signed is not theirs to change.
 */
export async function resealed(
  files: BundleFiles,
  key: KeyObject,
  change: (lines: readonly RawLine[]) => readonly RawLine[],
): Promise<BundleFiles> {
  const lines = change(await linesOf(files));
  const session = lines[0]?.entry;
  let state = EMPTY_CHAIN;
  let first = '';
  let text = '';
  const counted = { allowed: 0, refused: 0, masked: 0 };
  for (const { at, entry } of lines) {
    count(counted, entry);
    const next = chainEncoded(state, at, canonicalJson(asSigned(entry, { session, key, state, counted })));
    if (state.entries === 0) first = next.state.last;
    state = next.state;
    text += `${next.line}\n`;
  }
  const kept = new Map([...files].filter(([path]) => auditFileNumber(path) === null && path !== MANIFEST_FILE && path !== SIGNATURE_FILE));
  const bundle = kept.set('audit.jsonl', Buffer.from(text));
  const digests = [...bundle].map(([path, content]) => ({ path, bytes: content.length, sha256: sha256Hex(content) }));
  const named = { session: String(session?.['session']), gateway: String(session?.['gateway']) };
  const manifest = encodeManifest({ v: 1, ...named, entries: state.entries, first, last: state.last, files: digests });
  bundle.set(MANIFEST_FILE, manifest);
  return bundle.set(SIGNATURE_FILE, encodeSignature(publicJwk(key), sign(null, manifestSigningInput(manifest), key)));
}

type Place = {
  readonly session: RawEntry | undefined;
  readonly key: KeyObject;
  readonly state: typeof EMPTY_CHAIN;
  readonly counted: Readonly<Record<string, number>>;
};

function asSigned(entry: RawEntry, { session, key, state, counted }: Place): RawEntry {
  if (entry.kind === 'seal') return { kind: 'seal', entries: state.entries + 1, ...counted };
  if (entry.kind !== 'checkpoint') return entry;
  const head = { session: String(session?.['session']), entries: state.entries, last: state.last };
  return { kind: 'checkpoint', key: publicJwk(key), sig: sign(null, checkpointSigningInput(head), key).toString('base64url') };
}

function count(counted: { allowed: number; refused: number; masked: number }, { kind, outcome, masked }: RawEntry): void {
  if (kind === 'outcome' && typeof masked === 'number') counted.masked += masked;
  if ((kind !== 'decision' && kind !== 'release') || outcome === 'hold') return;
  counted[outcome === 'allow' ? 'allowed' : 'refused'] += 1;
}
