import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import type { AuditEntry, Link } from '#core/audit/entry.ts';
import { approvedOperation } from '#test/fixtures/approvals.ts';
import { type BundleOptions, type Genesis, KEEPS, makeBundle, newKey } from '#test/fixtures/bundle.ts';
import { Delegations } from '#test/fixtures/delegations.ts';
import { BUNDLE_ISSUER, reissue } from '#test/fixtures/issued-bundle.ts';
import { jwkOf, RSA_KEY } from '#test/fixtures/issuer.ts';
import { type BundleFiles, loadBundle } from '#test/fixtures/memory-bundle.ts';
import { type RawEntry, resealed } from './reseal.ts';

/** A sealed bundle that nobody has changed, and the key it was sealed with. */
export type Original = {
  readonly name: string;
  readonly files: BundleFiles;
  readonly evidenceKey: KeyObject;
  /** Of `verify` with KEYS_FILE and without `--allow-local`. */
  readonly exitCode: 0 | 3;
};

/** What an auditor has from GitHub. */
export const KEYS_FILE = JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] });

const BINARY = Buffer.from([
  0x61, 0x0a, 0xe2, 0x82, 0xff, 0x0d, 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0x0a, 0x1b, 0x5b, 0x6d, 0xed, 0xa0, 0x80, 0x62, 0xf4, 0x90,
]);

/** Of a later version. */
const LATER: RawEntry = { kind: 'egress-attempt', port: 53, why: null, nested: { list: [true, false, 'ü\u2028\u{1f600}'], '': {} } };

/** Every member that may be null is, in one of them. */
const EGRESS = {
  ...{ kind: 'egress', link: '0', attempt: 'e1', host: 'registry.example', port: 443, rule: 'egress.allow[0]', protocol: 'tls' },
  ...{ event: 'closed', seen: 'registry.example', address: '1.1.1.1', why: null, sent: 3, received: 4, durationMicros: 5, times: 1 },
} satisfies AuditEntry;
const EGRESS_REFUSED = {
  ...{ ...EGRESS, attempt: '', event: 'refused', host: '', port: null, rule: null, protocol: null, seen: null, address: null },
  ...{ why: 'no rule of egress covers it', times: 7 },
} satisfies AuditEntry;

/** One of each kind, made by the real adapters in `parent`. */
export async function makeOriginals(parent: string): Promise<readonly Original[]> {
  const recipient = await identityToRecipient(await generateIdentity());
  const incident: AuditEntry = { kind: 'incident', incident: 'second-open', clientKey: 'A'.repeat(43) };
  const twice = { hold: 'h2', decision: 'd10', approver: { id: '1002', login: 'cid' }, run: '5001' };
  return Promise.all([
    make(parent, 'local', { output: BINARY, pauses: [0, 7, 0.25] }),
    make(parent, 'anchored', { output: BINARY, more: [EGRESS, EGRESS_REFUSED] }, { issued: true }),
    make(parent, 'approved', {}, { issued: true, approvals: [{}, twice] }),
    make(parent, 'delegated', {}, { issued: true, delegated: true }),
    make(parent, 'encrypted', { keeps: { ...KEEPS, recordings: 'encrypted', recipients: [recipient] } }, { issued: true }),
    make(parent, 'continued', { fileBytesMax: 60, auditFileBytesMax: 1500, pauses: [1, 2, 3] }, { issued: true }),
    make(parent, 'unrecorded', { keeps: { ...KEEPS, recordings: 'none', responses: 'none' }, more: [incident] }, { later: LATER }),
    make(parent, 'late-token', { keeps: { ...KEEPS, token: 'after-expiry' } }, { issued: true }),
    make(
      parent,
      'no-signature',
      { keeps: { ...KEEPS, token: 'after-expiry' }, lateToken: withoutSignature },
      { issued: true, exitCode: 3 },
    ),
  ]);
}

type Kind = {
  readonly later?: RawEntry;
  readonly issued?: boolean;
  readonly exitCode?: 3;
  readonly delegated?: boolean;
  readonly approvals?: readonly Parameters<typeof approvedOperation>[1][];
};

async function make(
  parent: string,
  name: string,
  options: BundleOptions,
  { later, issued = false, exitCode, approvals = [], delegated = false }: Kind = {},
): Promise<Original> {
  const folder = join(parent, name);
  mkdirSync(folder);
  const evidenceKey = newKey();
  let gateway = '';
  let chain: readonly Link[] = [];
  const reissued = (local: Genesis): Genesis => {
    const genesis = issued ? reissue(local) : local;
    gateway = local.entry.gateway;
    chain = genesis.entry.chain;
    return genesis;
  };
  const more = (): readonly AuditEntry[] => [
    ...(options.more ?? []),
    ...approvals.flatMap((each) => approvedOperation(gateway, each)),
    ...(delegated ? delegationsOf(chain) : []),
  ];
  const { path } = await makeBundle(folder, { ...options, evidenceKey, reissue: reissued, moreOf: more });
  const written = loadBundle(path);
  const files = later === undefined ? written : await withLater(written, evidenceKey, later);
  return { name, files, evidenceKey, exitCode: exitCode ?? (issued ? 0 : 3) };
}

/** A job, an agent in its cage, a child of the agent, and an agent in the job's cage that narrows the child, too. */
function delegationsOf(chain: readonly Link[]): readonly AuditEntry[] {
  return new Delegations(chain)
    .agent('0', 'auditor')
    .decided('0', 'reader & auditor', 'd20')
    .delegated('0', '1', 'writer', { keyThumbprint: null })
    .started('1')
    .decided('1', 'reader & auditor & writer', 'd21')
    .cage('cage-1', 'made', '0')
    .agent('cage-1', 'auditor')
    .delegated('cage-1', '2', 'writer', { keyThumbprint: null })
    .started('2')
    .cage('cage-1', 'entered', '2')
    .decided('cage-1', 'reader & auditor', 'd30')
    .cage('cage-1', 'ended')
    .agent('0', 'clerk', { executable: null, pid: null, match: null, proof: 'unproved', why: 'nobody holds its socket' })
    .decided('1', 'reader & auditor & clerk & writer', 'd22').entries;
}

/** Behind the second line. */
function withLater(files: BundleFiles, evidenceKey: KeyObject, entry: RawEntry): Promise<BundleFiles> {
  return resealed(files, evidenceKey, (lines) => lines.flatMap((line, n) => (n === 1 ? [line, { at: line.at, entry }] : [line])));
}

function withoutSignature(token: string): string {
  return token.slice(0, token.lastIndexOf('.') + 1);
}
