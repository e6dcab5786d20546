import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type RsaKey, signingKeys } from '#core/identity/rsa-key.ts';
import { isLoopbackIssuer } from '#core/policy/claim-glob.ts';
import { boundedFetch } from './bounded-fetch.ts';

/** The keys that issuers publish now. @throws IssuerKeysError */
export type IssuerKeys = {
  /** Null: the issuer has no such key, asked for anew. */
  find(issuer: string, kid: string): Promise<RsaKey | null>;
};

export type IssuerKeysErrorCode = 'address' | 'unreachable' | 'malformed';

/** Why an issuer's keys are not to be had; for the person whose token cannot be checked. */
export class IssuerKeysError extends Error {
  override readonly name = 'IssuerKeysError';
  readonly code: IssuerKeysErrorCode;

  constructor(code: IssuerKeysErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** How long a key that the issuer took back is still taken. */
export const KEYS_AGE_MS_MAX = 60 * 60 * 1000;
/** Unknown key ids are the token's choice: they cause no more requests than this. */
export const REFETCH_MS_MIN = 30_000;
const REPLY_BYTES_MAX = 256 * 1024;
const REPLY_MS_MAX = 5000;
const TRIES_MAX = 3;
const RETRY_MS = 250;
const KEYS_MAX = 64;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string().max(2048) });
const KeySet = z.object({ keys: z.array(z.unknown()).max(KEYS_MAX) });

export type IssuerKeysSetup = { readonly nowMs: () => number; readonly retryMs?: number; readonly replyMsMax?: number };

/** Only for issuers that the policy names: the caller sees to that before it asks. */
export function createIssuerKeys(setup: IssuerKeysSetup): IssuerKeys {
  const sets = new Map<string, KeySetOf>();
  return {
    find(issuer, kid) {
      const set = sets.get(issuer) ?? new KeySetOf(issuer, setup);
      sets.set(issuer, set);
      return set.find(kid);
    },
  };
}

/** One issuer's keys as they were fetched last. */
class KeySetOf {
  readonly #issuer: string;
  readonly #setup: IssuerKeysSetup;
  #keys: readonly RsaKey[] = [];
  #fetchedMs: number | null = null;
  #fetching: Promise<void> | null = null;

  constructor(issuer: string, setup: IssuerKeysSetup) {
    this.#issuer = issuer;
    this.#setup = setup;
  }

  async find(kid: string): Promise<RsaKey | null> {
    if (this.#age() >= KEYS_AGE_MS_MAX) await this.#fetch();
    const known = this.#named(kid);
    if (known !== null || this.#age() < REFETCH_MS_MIN) return known;
    await this.#fetch();
    return this.#named(kid);
  }

  #named(kid: string): RsaKey | null {
    return this.#keys.find((key) => key.kid === kid) ?? null;
  }

  /** A clock that went back makes them old. */
  #age(): number {
    const age = this.#fetchedMs === null ? Number.POSITIVE_INFINITY : this.#setup.nowMs() - this.#fetchedMs;
    return age < 0 ? Number.POSITIVE_INFINITY : age;
  }

  /** One at a time, whoever waits. */
  async #fetch(): Promise<void> {
    this.#fetching ??= this.#replace().finally(() => {
      this.#fetching = null;
    });
    await this.#fetching;
  }

  async #replace(): Promise<void> {
    const startedMs = this.#setup.nowMs();
    this.#keys = await fetchKeys(this.#issuer, this.#setup);
    this.#fetchedMs = startedMs;
  }
}

/** OpenID Connect Discovery 1.0 section 4: the issuer says where its keys are, and they must be at home. */
async function fetchKeys(issuer: string, setup: IssuerKeysSetup): Promise<readonly RsaKey[]> {
  const home = homeOf(issuer);
  const discovery = Discovery.safeParse(await fetchJson(`${issuer}/.well-known/openid-configuration`, setup));
  // 4.3: exactly, or somebody else's metadata is taken for the issuer's.
  if (!discovery.success || discovery.data.issuer !== issuer) throw malformed(issuer, 'its discovery document is not its own');
  const { jwks_uri: place } = discovery.data;
  if (!URL.canParse(place) || new URL(place).origin !== home) throw malformed(issuer, 'its keys are at another address than it is');
  const set = KeySet.safeParse(await fetchJson(place, setup));
  if (!set.success) throw malformed(issuer, 'its key set is malformed');
  return signingKeys(set.data.keys);
}

function homeOf(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const isTrusted = url !== null && (url.protocol === 'https:' || isLoopbackIssuer(issuer));
  // A path that URL parsing changes would be asked for elsewhere than the name says.
  if (isTrusted && url.href.replace(/\/$/, '') === issuer) return url.origin;
  throw new IssuerKeysError('address', 'Cannot fetch the keys of the issuer: its address is none of https, expected one');
}

function malformed(issuer: string, what: string): IssuerKeysError {
  return new IssuerKeysError('malformed', `Cannot fetch the keys of ${issuer}: ${what}`);
}

async function fetchJson(url: string, { retryMs = RETRY_MS, replyMsMax = REPLY_MS_MAX }: IssuerKeysSetup): Promise<unknown> {
  for (let tried = 1; ; tried += 1) {
    const body = await tryFetch(url, replyMsMax);
    if (typeof body !== 'string') return parse(url, body);
    if (tried === TRIES_MAX) throw new IssuerKeysError('unreachable', `Cannot fetch ${url}: ${body}, expected its document`);
    await delay(retryMs * tried);
  }
}

/** The body, or why another try may help. */
async function tryFetch(url: string, msMax: number): Promise<Buffer | string> {
  try {
    const response = await boundedFetch(url, { headers: { accept: 'application/json' } }, { bytesMax: REPLY_BYTES_MAX, msMax });
    if (response.status === 200) return Buffer.from(await response.arrayBuffer());
    if (response.status >= 500) return `it answers ${response.status}`;
    throw new IssuerKeysError('unreachable', `Cannot fetch ${url}: it answers ${response.status}, expected its document`);
  } catch (cause) {
    if (cause instanceof IssuerKeysError) throw cause;
    return cause instanceof Error && cause.name === 'TimeoutError' ? `no answer in ${msMax / 1000} s` : 'no connection';
  }
}

function parse(url: string, body: Buffer): unknown {
  if (body.length > REPLY_BYTES_MAX) throw new IssuerKeysError('malformed', `Cannot fetch ${url}: the document is too large`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new IssuerKeysError('malformed', `Cannot fetch ${url}: the document is no JSON`);
  }
}
