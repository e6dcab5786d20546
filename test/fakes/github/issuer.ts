import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { type Answer, bearerOf, json, type Question, type Service } from './http-server.ts';
import type { HostileMint } from './jobs.ts';

export type Issuer = {
  readonly issuer: string;
  readonly services: readonly Service[];
  /** Every key that it has published so far. */
  keys(): JsonWebKey[];
  /** A new key signs; the last one stays published, those before it do not. */
  rotate(): void;
  mint(claims: Readonly<Record<string, unknown>>, audience: string, hostile?: HostileMint): string;
};

/** Whose request token it is. */
export type Minter = { readonly path: string; readonly mayMint: boolean; readonly defaultAudience: string; mint(audience: string): string };

type IssuerPlace = {
  readonly base: string;
  readonly path: string;
  readonly nowMs: () => number;
  readonly problems: string[];
  minterOf(requestToken: string): Minter | null;
};

/** As in GitHub's own example. */
const TOKEN_SECONDS = 300;
const NOT_BEFORE_SECONDS = 600;
const MINT_QUERY = new Set(['api-version', 'audience']);

type Key = { readonly kid: string; readonly privateKey: KeyObject; readonly jwk: JsonWebKey };

/** GitHub's OIDC provider: discovery, keys, and where jobs ask for tokens. */
export function createIssuer({ base, path, nowMs, problems, minterOf }: IssuerPlace): Issuer {
  const issuer = `${base}${path}`;
  // Keys take a while to make, and not every test needs them: the one that signs is the first.
  let made: { readonly published: readonly [Key, Key]; readonly all: readonly Key[] } | null = null;
  const keys = () => {
    if (made === null) {
      const published = [newKey(), newKey()] as const;
      made = { published, all: published };
    }
    return made;
  };

  function publish({ url }: Question): Answer {
    const jwksUri = `${issuer}/.well-known/jwks`;
    if (url.href === `${issuer}/.well-known/openid-configuration`) return json(200, discovery(issuer, jwksUri));
    if (url.href === jwksUri) return json(200, { keys: keys().published.map(({ jwk }) => jwk) });
    problems.push(`${url.pathname}: an address that GitHub's issuer does not have`);
    return { status: 404 };
  }

  return {
    issuer,
    services: [
      { prefix: `${path}/`, answer: publish },
      { prefix: '/_apis/', answer: (question) => mintFor(minterOf(bearerOf(question.headers) ?? ''), question, problems) },
    ],
    keys: () => keys().all.map(({ jwk }) => jwk),
    rotate() {
      const { published, all } = keys();
      const next = newKey();
      made = { published: [next, published[0]], all: [next, ...all] };
    },
    mint(claims, audience, hostile = {}) {
      const now = Math.floor(nowMs() / 1000);
      const times = { iat: now, nbf: now - NOT_BEFORE_SECONDS, exp: now + TOKEN_SECONDS };
      return signToken(keys().published[0], { jti: randomUUID(), aud: audience, ...claims, iss: issuer, ...times }, hostile);
    },
  };
}

/** Where a job asks for a token. */
function mintFor(minter: Minter | null, { method, url }: Question, problems: string[]): Answer {
  if (minter === null) return json(401, { message: 'The request token is not that of a running job' });
  if (method !== 'GET' || url.pathname !== minter.path || url.searchParams.get('api-version') !== '2.0') {
    problems.push(`${method} ${url.pathname}: not where this job asks for a token`);
    return { status: 404 };
  }
  if (!minter.mayMint) return json(403, { message: 'The job has no permission id-token: write' });
  const names = [...url.searchParams.keys()];
  if (names.some((name) => !MINT_QUERY.has(name)) || new Set(names).size < names.length) {
    problems.push(`${url.pathname}: asked for a token by ${names.join(', ')}, expected api-version and at most one audience`);
    return json(400, { message: 'Bad request' });
  }
  const value = minter.mint(url.searchParams.get('audience') ?? minter.defaultAudience);
  return json(200, { count: value.length, value });
}

function discovery(issuer: string, jwksUri: string): object {
  return {
    ...{ issuer, jwks_uri: jwksUri, subject_types_supported: ['public', 'pairwise'], response_types_supported: ['id_token'] },
    ...{ id_token_signing_alg_values_supported: ['RS256'], scopes_supported: ['openid'] },
  };
}

function signToken(
  signing: Key,
  claims: Record<string, unknown>,
  { alter = (same) => same, header: other, sign: how }: HostileMint,
): string {
  const key = how === 'foreign-key' || how === 'unknown-kid' ? newKey() : signing;
  const kid = how === 'unknown-kid' ? key.kid : signing.kid;
  const alg = how === 'none' ? 'none' : how === 'hs256-with-the-public-key' ? 'HS256' : 'RS256';
  const header = { typ: 'JWT', alg, x5t: X5T, kid, ...other };
  const input = [header, alter(claims)].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${signatureOf(input, key, how)}`;
}

/** GitHub's tokens name a certificate, too, which nobody has a use for. */
const X5T = randomBytes(20).toString('base64url');

function signatureOf(input: string, { privateKey }: Key, how: HostileMint['sign']): string {
  if (how === 'none') return '';
  if (how !== 'hs256-with-the-public-key') return sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url');
  const secret = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' });
  return createHmac('sha256', secret).update(input).digest('base64url');
}

function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid } };
}
