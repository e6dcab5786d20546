import { sign } from 'node:crypto';
import { publicJwk } from '#adapters/files/seal.ts';
import { sessionAudience } from '#core/identity/audience.ts';
import { ed25519Thumbprint } from '#core/identity/ed25519.ts';
import { encodeSignature, manifestSigningInput } from '#core/verify/manifest.ts';
import { approvalEntry } from '#test/fixtures/approvals.ts';
import { newKey } from '#test/fixtures/bundle.ts';
import { HEADER, OTHER_RSA_KEY, signToken } from '#test/fixtures/issuer.ts';
import type { BundleFiles } from '#test/fixtures/memory-bundle.ts';
import type { Random } from '#test/simulate/random.ts';
import type { Original } from './corpus.ts';
import { type RawEntry, resealed } from './reseal.ts';

/** A bundle that somebody changed, and how. */
export type Mutation = { readonly what: string; readonly files: BundleFiles };
export type Corpus = { readonly originals: readonly Original[]; readonly random: Random };
type Mutate = (original: Original, corpus: Corpus) => Mutation | null | Promise<Mutation | null>;

/** One random mutation of a random bundle. */
export async function mutate(corpus: Corpus): Promise<Mutation & { readonly original: Original; readonly kind: string }> {
  for (;;) {
    const original = corpus.random.pick(corpus.originals);
    const [kind, mutateBy] = corpus.random.pick(Object.entries(MUTATIONS));
    const mutation = await mutateBy(original, corpus);
    if (mutation !== null && !isSame(mutation.files, original.files)) return { ...mutation, original, kind };
  }
}

function isSame(a: BundleFiles, b: BundleFiles): boolean {
  return a.size === b.size && [...a].every(([path, content]) => b.get(path)?.equals(content) === true);
}

const withFile = (files: BundleFiles, path: string, content: Buffer): BundleFiles => new Map([...files, [path, content]]);
const pickFile = ({ files }: Original, random: Random): readonly [string, Buffer] => random.pick([...files]);

const byte: Mutate = (original, { random }) => {
  const [path, content] = pickFile(original, random);
  const changed = Buffer.from(content);
  const at = random.below(Math.max(content.length, 1));
  changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
  return { what: `bit of byte ${at} of ${path}`, files: withFile(original.files, path, changed) };
};

const splice: Mutate = (original, { random }) => {
  const [path, content] = pickFile(original, random);
  const [at, drop] = [random.below(content.length + 1), random.below(4)];
  const put = Buffer.from(random.pick(['', '\n', ' ', '0', '"', '}', '\0', '\r\n', '{"kind":"x"}']));
  return {
    what: `bytes at ${at} of ${path}`,
    files: withFile(original.files, path, Buffer.concat([content.subarray(0, at), put, content.subarray(at + drop)])),
  };
};

const cut: Mutate = (original, { random }) => {
  const [path, content] = pickFile(original, random);
  const at = random.below(content.length);
  return { what: `${path} cut at ${at}`, files: withFile(original.files, path, content.subarray(0, at)) };
};

/** Lines of the audit, without touching what they say. */
const entry: Mutate = (original, { random, originals }) => {
  const audits = [...original.files.keys()].filter((path) => path.startsWith('audit'));
  const path = random.pick(audits);
  const lines = `${original.files.get(path)}`.slice(0, -1).split('\n');
  const [a, b] = [random.below(lines.length), random.below(lines.length)];
  const foreign = `${random.pick(originals).files.get('audit.jsonl')}`.split('\n');
  const kind = random.pick(['drop', 'repeat', 'swap', 'foreign', 'text'] as const);
  if (kind === 'drop') lines.splice(a, 1);
  else if (kind === 'repeat') lines.splice(b, 0, lines[a] ?? '');
  else if (kind === 'swap') [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
  else if (kind === 'foreign') lines[a] = random.pick(foreign);
  else lines[a] = (lines[a] ?? '').replace(/"(\w+)":(\d+)/, '"$1":1$2');
  return {
    what: `${kind} of lines ${a}, ${b} of ${path}`,
    files: withFile(original.files, path, Buffer.from(lines.map((line) => `${line}\n`).join(''))),
  };
};

const file: Mutate = (original, { random, originals }) => {
  const [path, content] = pickFile(original, random);
  const [otherPath, otherContent] = pickFile(random.pick(originals), random);
  const files = new Map(original.files);
  const kind = random.pick(['remove', 'replace', 'swap', 'add', 'rename'] as const);
  const added = random.pick([
    'extra',
    'audit-9.jsonl',
    'recordings/7/terminal.rec',
    'recordings/7/terminal.cast',
    'manifest.sig.tmp',
    'recordings/0/responses.rec',
  ]);
  if (kind === 'remove' || kind === 'rename') files.delete(path);
  if (kind === 'rename') files.set(random.pick([otherPath, added]), content);
  if (kind === 'replace') files.set(path, otherContent);
  if (kind === 'add') files.set(added, random.pick([Buffer.alloc(0), content, otherContent]));
  if (kind === 'swap' && files.has(otherPath)) {
    files.set(path, files.get(otherPath) ?? content);
    files.set(otherPath, content);
  }
  return { what: `${kind} ${path}, ${otherPath}, ${added}`, files };
};

/** The end is gone, and with it what sealed it: never complete, however consistent the rest. */
const truncation: Mutate = (original, { random }) => {
  const files = new Map(original.files);
  files.delete('manifest.sig');
  const content = files.get('audit.jsonl') ?? Buffer.alloc(0);
  const at = random.below(content.length + 1);
  files.set('audit.jsonl', content.subarray(0, at));
  return { what: `unsigned, audit cut at ${at}`, files };
};

const fork: Mutate = (original, { random }) => {
  const lines = `${original.files.get('audit.jsonl')}`.slice(0, -1).split('\n');
  const at = random.below(lines.length);
  const other = (lines[at] ?? '').replace('"connection"', '"connexion"').replace('2026', '2027');
  lines.splice(at + 1, 0, other, ...lines.slice(at + 1));
  return { what: `fork at ${at}`, files: withFile(original.files, 'audit.jsonl', Buffer.from(lines.map((line) => `${line}\n`).join(''))) };
};

const foreignKey: Mutate = ({ files }) => {
  const key = newKey();
  const manifest = files.get('manifest.json') ?? Buffer.alloc(0);
  return {
    what: 'manifest signed by another key',
    files: withFile(files, 'manifest.sig', encodeSignature(publicJwk(key), sign(null, manifestSigningInput(manifest), key))),
  };
};

/** Wholly made anew, under keys and an issuer of their own: nothing in it is inconsistent (R1). */
const homeMade: Mutate = async ({ files, exitCode }, { random }) => {
  const key = newKey();
  const client = ed25519Thumbprint(publicJwk(newKey()));
  const evidenceKey = ed25519Thumbprint(publicJwk(key));
  const header = random.chance(0.5) ? HEADER : { ...HEADER, kid: 'key-of-their-own' };
  if (exitCode !== 0) return null; // what nobody vouches for is worth as much
  let token = '';
  const made = await resealed(files, key, (lines) =>
    lines.map(({ at, entry: raw }) => {
      if (raw.kind !== 'session') return { at, entry: raw };
      const named = { gateway: String(raw['gateway']), nonce: 'theirs', clientKey: client, evidenceKey };
      const claims: Record<string, unknown> = { ...(raw['claims'] as object), aud: sessionAudience(named) };
      for (const name of ['iat', 'exp', 'nbf']) claims[name] = Number(claims[name]);
      token = signToken(OTHER_RSA_KEY, header, claims as never);
      return { at, entry: { ...raw, ...named, claims: { ...(raw['claims'] as object), aud: claims['aud'] } } };
    }),
  );
  // The token goes in first, so that the manifest lists it: made twice.
  return {
    what: `made anew, key ${header.kid}`,
    files: await resealed(withFile(made, 'token.jwt', Buffer.from(token)), key, (lines) => lines),
  };
};

/** By somebody who has the evidence key: what is not theirs to make is the order of things, and what GitHub signed. */
const insider: Mutate = async ({ files, evidenceKey }, { random }) => {
  const [what, change] = random.pick(Object.entries(INSIDER));
  let changed = 0;
  const made = await resealed(files, evidenceKey, (lines) =>
    lines.flatMap(({ at, entry: raw }) => {
      const after = change(raw, random);
      if (after.length !== 1 || after[0] !== raw) changed += 1;
      return after.map((each) => ({ at, entry: each }));
    }),
  );
  return changed === 0 ? null : { what: `resealed: ${what}`, files: made };
};

const other = (raw: RawEntry, kind: string, changes: object): RawEntry => (raw.kind === kind ? { ...raw, ...changes } : raw);
const INSIDER: Readonly<Record<string, (raw: RawEntry, random: Random) => readonly RawEntry[]>> = {
  'outcomes before their decisions': (raw) => (raw.kind === 'decision' && raw['outcome'] === 'allow' ? [] : [raw]),
  'two outcomes': (raw) => (raw.kind === 'outcome' ? [raw, raw] : [raw]),
  'two seals': (raw) => (raw.kind === 'seal' ? [raw, raw] : [raw]),
  'no seal': (raw) => (raw.kind === 'seal' ? [] : [raw]),
  'two sessions': (raw) => (raw.kind === 'session' ? [raw, raw] : [raw]),
  'a command that never began': (raw) => (raw.kind === 'command' && raw['event'] === 'started' ? [] : [raw]),
  'a command that began twice': (raw) => (raw.kind === 'command' && raw['event'] === 'started' ? [raw, raw] : [raw]),
  'another nonce': (raw) => [other(raw, 'session', { nonce: 'another' })],
  'another person': (raw) => [raw.kind === 'session' ? { ...raw, claims: { ...(raw['claims'] as object), sub: 'root' } } : raw],
  'another policy': (raw) => [other(raw, 'session', { policySha256: '0'.repeat(64) })],
  'another hash of a recording': (raw) => [other(raw, 'recording', { sha256: '0'.repeat(64) })],
  'a gap in a recording': (raw) => [other(raw, 'recording', { offset: 1 })],
  'a member of another type': (raw) => [other(raw, 'outcome', { rows: 'many' })],
  'a release without approval': (raw) => (raw.kind === 'approval' ? [] : [raw]),
  'an approval without request': (raw) => (raw.kind === 'hold' ? [] : [raw]),
  'another operation than was approved': (raw) => [other(raw, 'hold', { operation: 'f'.repeat(64) })],
  'another environment': (raw) => [other(raw, 'hold', { environment: 'anybody' })],
  'another approver than the receipt says': (raw) => [other(raw, 'approval', { approver: { id: '4242', login: 'eve' } })],
  'a receipt of somebody else': (raw, random) => [
    raw.kind === 'approval' ? { ...raw, receipt: flipped(String(raw['receipt']), random) } : raw,
  ],
  'a receipt by another key': (raw) => [other(raw, 'approval', { receipt: approvalEntry('gateway', { key: OTHER_RSA_KEY }).receipt })],
  'a rejection that lets go on': (raw) => [other(raw, 'approval', { verdict: 'rejected', receipt: null })],
  'a cage that is not told': (raw) => (raw.kind === 'cage' ? [] : [raw]),
  'a cage twice': (raw) => (raw.kind === 'cage' ? [raw, raw] : [raw]),
  'a cage of another command': (raw) => [other(raw, 'cage', { command: '99' })],
  'a cage of no command': (raw) => [other(raw, 'cage', { command: null })],
  'a cage in a cage': (raw) => [other(raw, 'cage', { command: 'cage-1' })],
  'a cage that ends too early': (raw) => [other(raw, 'cage', { event: 'ended', command: null })],
  'a command in the stead of a cage': (raw) => [other(raw, 'cage', { cage: '0' })],
  'a cage that ends as a command does': (raw) => [other(raw, 'command', { link: 'cage-1' })],
  'a delegation that is not told': (raw) => (raw.kind === 'delegation' ? [] : [raw]),
  'an agent that is not told': (raw) => (raw.kind === 'agent' ? [] : [raw]),
  'a delegation by somebody else': (raw) => [other(raw, 'delegation', { principal: 'eve' })],
  'a wider duty than was given': (raw) => [other(raw, 'delegation', { duties: ['writer'] })],
  'a decision under another duty': (raw) => [other(raw, 'decision', { duty: 'owner' })],
  'a decision of nobody': (raw) => [other(raw, 'decision', { link: '99' })],
  'a parent that never was': (raw) => [other(raw, 'delegation', { parent: '99' })],
  'an approval that came too late': (raw) => [other(raw, 'hold', { expires: '2020-01-01T00:00:00.000Z' })],
};

function flipped(text: string, random: Random): string {
  const at = random.below(text.length);
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

const MUTATIONS: Readonly<Record<string, Mutate>> = { byte, splice, cut, entry, file, truncation, fork, foreignKey, homeMade, insider };
