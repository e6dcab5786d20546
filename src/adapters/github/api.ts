import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type * as z from 'zod';
import { boundedFetch } from './bounded-fetch.ts';
import { GithubError, type GithubErrorCode } from './github-error.ts';

export type GithubApiSetup = {
  /** `GITHUB_API_URL`. */
  readonly url: string;
  readonly token: string;
  /** What a retry waits for is a multiple of this. */
  readonly retryMs?: number;
  readonly totalMsMax?: number;
};

/** A path of the API, part by part, and its query. Parts come from policies and inputs: none may step out of its place. */
export type Question = { readonly path: readonly string[]; readonly query?: Readonly<Record<string, string>> };

/** GitHub's REST API for one token. @throws GithubError */
export type GithubApi = {
  json<T>(question: Question, shape: z.ZodType<T>): Promise<T>;
  /** A file's own bytes. */
  raw(question: Question, bytesMax: number): Promise<Uint8Array>;
};

const API_VERSION = '2022-11-28';
const REPLY_BYTES_MAX = 2 * 1024 * 1024;
const TRY_MS_MAX = 8000;
/** One question with all its retries and waits. */
const TOTAL_MS_MAX = 20_000;
const RETRIES_MAX = 2;
const RETRY_MS = 1000;
/** A longer wait for the rate limit is not waited: the job's own log is told instead. */
const RATE_LIMIT_SECONDS_MAX = 5;

export function createGithubApi(setup: GithubApiSetup): GithubApi {
  const octokit = createOctokit(setup);
  const ask = async (question: Question, accept: string): Promise<Answer> => {
    const url = locate(question);
    return inTime(setup.totalMsMax ?? TOTAL_MS_MAX, url, (signal) => request(octokit, { url, accept, signal }));
  };
  return {
    async json(question, shape) {
      const { url, body } = await ask(question, 'application/vnd.github+json');
      if (body.length > REPLY_BYTES_MAX) throw new GithubError('too-large', `Cannot read ${url} from GitHub: its answer is too large`);
      const parsed = shape.safeParse(parseJson(body));
      if (!parsed.success) throw new GithubError('malformed', `Cannot read ${url} from GitHub: the answer is not of the documented form`);
      return parsed.data;
    },
    async raw(question, bytesMax) {
      const { url, type, body } = await ask(question, 'application/vnd.github.raw+json');
      // A folder, a submodule: described instead of given.
      if (/^application\/json\b/.test(type)) throw new GithubError('not-found', `Cannot read ${url} from GitHub: it is no file`);
      if (body.length > bytesMax)
        throw new GithubError('too-large', `Cannot read ${url} from GitHub: it is too large, expected at most ${bytesMax} bytes`);
      return body;
    },
  };
}

type Answer = { readonly url: string; readonly type: string; readonly body: Buffer };

function createOctokit({ url, token, retryMs = RETRY_MS }: GithubApiSetup): Octokit {
  requireTrustedAddress(url);
  const mayWait = (seconds: number, _options: unknown, _octokit: unknown, retries: number) =>
    seconds <= RATE_LIMIT_SECONDS_MAX && retries < RETRIES_MAX;
  return new (Octokit.plugin(throttling, retry))({
    auth: token,
    baseUrl: url.replace(/\/$/, ''),
    userAgent: 'duty-gate',
    log: SILENT,
    request: {
      fetch: (address: string | URL, init: RequestInit) => boundedFetch(address, init, { bytesMax: REPLY_BYTES_MAX, msMax: TRY_MS_MAX }),
    },
    throttle: { onRateLimit: mayWait, onSecondaryRateLimit: mayWait, retryAfterBaseValue: retryMs },
    retry: { retries: RETRIES_MAX, retryAfterBaseValue: retryMs, doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
  });
}

/** What it would say names requests, and goes where nobody expects it. */
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** INVARIANT (P5): the token travels encrypted, or stays on this machine. */
function requireTrustedAddress(url: string): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))) return;
  throw new GithubError('address', 'Cannot use the API of GitHub: its address is not https, expected https');
}

function locate({ path, query }: Question): string {
  if (path.some((part) => part === '' || part === '.' || part === '..'))
    throw new GithubError('misnamed', 'Cannot ask GitHub: a name is empty, "." or "..", expected another');
  const parts = path.map((part) => encodeURIComponent(part.toWellFormed()));
  return `/${parts.join('/')}${query === undefined ? '' : `?${new URLSearchParams(query)}`}`;
}

type Asked = { readonly url: string; readonly accept: string; readonly signal: AbortSignal };

async function request(octokit: Octokit, { url, accept, signal }: Asked): Promise<Answer> {
  try {
    const { status, headers, data } = await octokit.request({
      method: 'GET',
      url,
      headers: { accept, 'x-github-api-version': API_VERSION },
      request: { signal, parseSuccessResponseBody: false },
    });
    if (status !== 200) throw new GithubError('not-found', `Cannot read ${url} from GitHub: it has moved, expected it in its place`);
    const body = data instanceof ReadableStream ? Buffer.from(await new Response(data).arrayBuffer()) : Buffer.alloc(0);
    return { url, type: String(headers['content-type'] ?? ''), body };
  } catch (cause) {
    if (cause instanceof GithubError) throw cause;
    throw failure(url, cause);
  }
}

function failure(url: string, cause: unknown): GithubError {
  const { status, headers } = responseOf(cause);
  const [code, state] = describeFailure(status, headers);
  return new GithubError(code, `Cannot read ${url} from GitHub: ${state}`);
}

type Failed = { readonly status: number; readonly headers: Readonly<Record<string, unknown>> };

/** Of Octokit's RequestError, without its class: there are several copies of it. No response: the request itself failed. */
function responseOf(cause: unknown): Failed {
  const response = cause instanceof Error && 'response' in cause ? cause.response : undefined;
  if (typeof response !== 'object' || response === null || !('status' in response) || typeof response.status !== 'number')
    return { status: 0, headers: {} };
  const headers = 'headers' in response && typeof response.headers === 'object' ? { ...response.headers } : {};
  return { status: response.status, headers };
}

function describeFailure(status: number, headers: Failed['headers']): readonly [GithubErrorCode, string] {
  const isLimited = String(headers['x-ratelimit-remaining']) === '0' || headers['retry-after'] !== undefined;
  if (status === 429 || (status === 403 && isLimited)) return ['rate-limited', 'the rate limit is reached'];
  if (status === 401) return ['unauthorized', 'it does not accept the token'];
  if (status === 403) return ['forbidden', 'the token may not read it'];
  if (status === 404 || status === 410 || status === 451) return ['not-found', 'there is nothing, or nothing that the token may see'];
  if (status >= 400 && status < 500) return ['malformed', `it answered ${status}`];
  return ['unreachable', status === 0 ? 'no answer came' : `it answered ${status}`];
}

/** Waits inside Octokit hear no signal, so the caller stops waiting for them. */
async function inTime<T>(msMax: number, url: string, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new GithubError('unreachable', `Cannot read ${url} from GitHub: no answer came in ${msMax / 1000} s`));
    controller.abort();
  }, msMax);
  try {
    return await Promise.race([act(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
