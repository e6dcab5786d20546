import type { GithubApi } from '#adapters/github/api.ts';
import { GithubError } from '#adapters/github/github-error.ts';
import { fetchPolicy, type PolicyPlace } from '#adapters/github/policy-source.ts';
import { fetchRepositoryIds } from '#adapters/github/repository-ids.ts';
import { namesInBindings } from '#core/policy/repository-ids.ts';
import { GatewayError } from './gateway-error.ts';
import { type LoadedPolicy, POLICY_BYTES_MAX, understand } from './load-policy.ts';

/**
 * The policy of a job: a file of a repository at one commit, and the ids of the repositories that it names (R4), so that a name
 * which changes hands later is not enough. @throws GatewayError `policy`
 */
export async function loadGithubPolicy(api: GithubApi, place: PolicyPlace): Promise<LoadedPolicy> {
  const { bytes, source, repository } = await told(fetchPolicy(api, place, POLICY_BYTES_MAX));
  const loaded = understand(bytes, source.path, source);
  const repositoryIds = await told(fetchRepositoryIds(api, namesInBindings(loaded.policy), repository));
  return { ...loaded, policy: { ...loaded.policy, repositoryIds } };
}

async function told<T>(fetched: Promise<T>): Promise<T> {
  try {
    return await fetched;
  } catch (cause) {
    if (cause instanceof GithubError) throw new GatewayError('policy', describe(cause), { cause });
    throw cause;
  }
}

/** The usual causes are in the workflow file, so they are named. */
function describe({ code, message }: GithubError): string {
  switch (code) {
    case 'not-found':
    case 'forbidden':
      return `${message}. The job needs "contents: read", and the policy has to be committed where it is looked for.`;
    case 'unauthorized':
      return `${message}. "github-token" has to be a token of this job, or of an App that may read the policy.`;
    case 'address':
    case 'rate-limited':
    case 'unreachable':
    case 'malformed':
    case 'too-large':
    case 'misnamed':
      return message;
  }
}
