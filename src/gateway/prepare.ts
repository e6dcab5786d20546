import { dirname, join } from 'node:path';
import { openUsedTokens, type UsedTokens, UsedTokensError } from '#adapters/files/used-tokens.ts';
import { createGithubApi, type GithubApi } from '#adapters/github/api.ts';
import { GithubError } from '#adapters/github/github-error.ts';
import { requestIdentityToken } from '#adapters/github/identity-token.ts';
import { createIssuerKeys } from '#adapters/github/issuer-keys.ts';
import { NO_SECRETS, readSecretsFile, SecretsFileError } from '#adapters/secrets/secrets-file.ts';
import type { Bootstrap, GithubBootstrap, LocalBootstrap } from '#control/bootstrap.ts';
import { localUserName } from '#control/local-user.ts';
import type { SecretStore } from '#session/ports.ts';
import { GatewayError } from './gateway-error.ts';
import { type Identity, identify } from './identify.ts';
import { identifyGithub } from './identify-github.ts';
import { loadGithubPolicy } from './load-github-policy.ts';
import { type LoadedPolicy, loadPolicy } from './load-policy.ts';
import type { Nonces } from './nonces.ts';

/** What differs with who starts a gateway: where policy and secrets come from, who may open a session, how long it lives. */
export type Prepared = {
  readonly loaded: LoadedPolicy;
  readonly secrets: SecretStore;
  /** Paths, besides the gateway's own, that no command may see. */
  readonly hide: readonly string[];
  readonly outlivesItsStarter: boolean;
  /** Gets the job's identity token for an audience; null where there is no job. */
  readonly mint: ((audience: string) => Promise<string>) | null;
  readonly identifier: Identifier;
};

export type OpeningFacts = {
  readonly gateway: string;
  readonly evidenceKey: string;
  readonly nonces: Nonces;
  readonly nowMs: () => number;
};
/** @throws ControlError `unauthenticated` */
export type Identify = (token: string, clientKey: string) => Promise<Identity>;
export type Identifier = (facts: OpeningFacts) => Identify;

/** @throws GatewayError */
export function prepare(bootstrap: Bootstrap): Promise<Prepared> {
  switch (bootstrap.issuer) {
    case 'local':
      return prepareLocal(bootstrap);
    case 'github':
      return prepareGithub(bootstrap);
  }
}

async function prepareLocal({ policyPath, secretsPath }: LocalBootstrap): Promise<Prepared> {
  return {
    loaded: await loadPolicy(policyPath),
    secrets: await loadSecrets(secretsPath),
    hide: secretsPath === null ? [] : [secretsPath],
    outlivesItsStarter: false,
    mint: null,
    identifier: (facts) => (token, clientKey) => identify({ ...facts, user: localUserName() }, token, clientKey),
  };
}

/** Beside the folders of this user's sessions: it outlives each of them, and no cage shows it. */
const USED_TOKENS_FOLDER = 'used-tokens';

async function prepareGithub({ policy, api, identity, secrets, socketFolder }: GithubBootstrap): Promise<Prepared> {
  const loaded = await loadGithubPolicy(connect(api), policy);
  return {
    loaded,
    secrets: secretMap(secrets),
    hide: [],
    outlivesItsStarter: true,
    mint: (audience) => requestIdentityToken(identity, audience),
    identifier(facts) {
      const keys = createIssuerKeys({ nowMs: facts.nowMs });
      const usedTokens = rememberTokens(join(dirname(socketFolder), USED_TOKENS_FOLDER), facts.nowMs);
      return (token, clientKey) => identifyGithub({ ...facts, policy: loaded.policy, keys, usedTokens }, token, clientKey);
    },
  };
}

function connect(api: GithubBootstrap['api']): GithubApi {
  try {
    return createGithubApi(api);
  } catch (cause) {
    if (cause instanceof GithubError) throw new GatewayError('policy', cause.message, { cause });
    throw cause;
  }
}

function secretMap(secrets: Readonly<Record<string, string>>): SecretStore {
  const values = new Map(Object.entries(secrets));
  return { get: (name) => values.get(name), names: [...values.keys()] };
}

function rememberTokens(folder: string, nowMs: () => number): UsedTokens {
  try {
    return openUsedTokens(folder, nowMs);
  } catch (cause) {
    if (cause instanceof UsedTokensError) throw new GatewayError('folder', cause.message, { cause });
    throw cause;
  }
}

async function loadSecrets(path: string | null): Promise<SecretStore> {
  if (path === null) return NO_SECRETS;
  try {
    return await readSecretsFile(path);
  } catch (cause) {
    if (cause instanceof SecretsFileError) throw new GatewayError('secrets', cause.message, { cause });
    throw cause;
  }
}
