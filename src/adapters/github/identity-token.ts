import { boundedFetch } from './bounded-fetch.ts';
import { GithubError } from './github-error.ts';

/** As the runner gives them to a job: the address has a query already. */
export type IdentityRequest = { readonly url: string; readonly token: string };

const LIMITS = { bytesMax: 64 * 1024, msMax: 10_000 } as const;
const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Asks GitHub for the job's identity token with exactly one audience.
 *
 * @throws GithubError `unreachable`, `malformed`; neither says anything of the request's own token
 */
export async function requestIdentityToken({ url, token }: IdentityRequest, audience: string): Promise<string> {
  const address = new URL(url);
  address.searchParams.delete('audience');
  address.searchParams.append('audience', audience);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  let response: Response;
  try {
    response = await boundedFetch(address, { headers }, LIMITS);
  } catch {
    throw new GithubError('unreachable', 'Cannot get an identity token: GitHub gave no answer, expected one in time');
  }
  const value = response.ok ? tokenIn(await response.text()) : null;
  if (value === null)
    throw new GithubError('malformed', `Cannot get an identity token: GitHub answered ${response.status} without one, expected it`);
  return value;
}

function tokenIn(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : null;
    return typeof value === 'string' && TOKEN.test(value) ? value : null;
  } catch {
    return null;
  }
}
