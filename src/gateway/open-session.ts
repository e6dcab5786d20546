import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { createSessionCa, type SessionCa } from '#adapters/certificates/session-ca.ts';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import { openBundle } from '#adapters/files/bundle.ts';
import { createCheckpoints } from '#adapters/files/checkpoints.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import type { SigningKey } from '#control/keys.ts';
import type { SessionTokens } from '#control/session-tokens.ts';
import type { Keeps, Link } from '#core/audit/entry.ts';
import { sessionChain } from '#core/chain/chain.ts';
import { keepsOf } from '#core/policy/keeps.ts';
import type { Duty } from '#core/policy/policy.ts';
import type { ConnectionCount } from '#gates/gate.ts';
import { createGate } from '#gates/registry.ts';
import { createGuard } from '#session/guard.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import type { Clock, Ids, SecretStore } from '#session/ports.ts';
import { DutySession } from '#session/session.ts';
import { type CageAddresses, type PlacedTarget, placeTargets } from './cage/addresses.ts';
import { CheckpointRounds } from './checkpoint-rounds.ts';
import { absolutePaths, existingPaths } from './existing-paths.ts';
import { hostAddresses } from './host-addresses.ts';
import type { Identity } from './identify.ts';
import type { GatesFor } from './live-cage.ts';
import { LiveSession, type LiveSessionParts } from './live-session.ts';
import type { LoadedPolicy } from './load-policy.ts';

/** What a gateway has before any session. */
export type GatewayParts = {
  readonly loaded: LoadedPolicy;
  readonly secrets: SecretStore;
  readonly evidenceKey: SigningKey;
  readonly evidenceFolder: string;
  /** Existing paths that no command may see. */
  readonly hide: readonly string[];
  /** Gets the job's identity token for an audience; null where there is no job. */
  readonly mint: ((audience: string) => Promise<string>) | null;
  /** To the recipients that the policy names; null: it names none. */
  readonly encrypt: Encrypt | null;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly tokens: SessionTokens;
  /** Where the gateway answers. */
  readonly socketPath: string;
};

const MASK_KEY_BYTES = 32;
/** Fifty that start at once on two cores take twenty seconds. */
const RECORDING_BEGIN_MS_MAX = 120_000;

/** Everything of one session, made in the order in which it must exist: the evidence first, the gates last. */
export async function openLiveSession(parts: GatewayParts, identity: Identity, duty: Duty): Promise<LiveSession> {
  const addresses = await placeAll(parts);
  const ca = await createSessionCa(parts.clock.nowMs());
  const id = parts.ids.next();
  const { loaded, clock } = parts;
  const keeps = keepsOf(loaded.policy.evidence, identity.visibility);
  const token = keeps.token === 'at-once' ? identity.token : null;
  const { folder, audit } = openBundle({ parent: parts.evidenceFolder, session: id, policy: loaded.bytes, token, clock });
  const chain = chainOf(parts, identity, duty);
  const facts = sessionFacts(parts, identity, { session: id, chain, keeps });
  const session = new DutySession({ facts, duty, audit });
  await session.begin();
  const gatesFor = await gateMaker(parts, { audit, ca, addresses, keepsResponses: keeps.responses !== 'none' });
  const checkpoints = createCheckpoints(audit, id, parts.evidenceKey.privateKey);
  const rounds = new CheckpointRounds(checkpoints, () => audit.head.entries);
  return new LiveSession({
    ...{ session, folder, audit, gatesFor, addresses, ca: ca.ca, keeps, checkpoints, rounds, clock },
    ...{ agents: loaded.policy.agents, duties: loaded.policy.duties, limits: loaded.policy.limits, chain: sessionChain(chain) },
    ...{ encrypt: parts.encrypt, tokens: parts.tokens, socketPath: parts.socketPath },
    lateToken: () => (keeps.token === 'at-once' ? null : tokenNow(identity, clock.nowMs())),
    hide: [...parts.hide, realpathSync(parts.evidenceFolder), ...existingPaths(loaded.policy.confinement.hide, homedir())],
    persist: absolutePaths(loaded.policy.confinement.persist, homedir()),
    passEnv: loaded.policy.confinement.passEnv,
    identity: identityFor(parts),
    egress: loaded.policy.egress === null ? null : { policy: loaded.policy.egress, ids: parts.ids },
    gateway: parts.evidenceKey.thumbprint,
    evidenceKey: parts.evidenceKey.privateKey,
    recordingBeginMsMax: RECORDING_BEGIN_MS_MAX,
  });
}

function identityFor({ mint, loaded: { policy } }: GatewayParts): LiveSessionParts['identity'] {
  return mint === null || policy.audiences.length === 0 ? null : { audiences: policy.audiences, mint };
}

/** R5: whole once nobody could use it any more, else without its signature. */
function tokenNow({ token, tokenExpiresMs }: Identity, nowMs: number): string {
  return tokenExpiresMs === null || nowMs > tokenExpiresMs ? token : token.slice(0, token.lastIndexOf('.') + 1);
}

async function placeAll({ loaded }: GatewayParts): Promise<CageAddresses> {
  const targets = [...loaded.policy.targets.values()];
  return placeTargets(
    await Promise.all(
      targets.map(async ({ name, host, port, names }) => ({ name, host, port, names, hostAddresses: await hostAddresses(host) })),
    ),
  );
}

function chainOf({ clock }: GatewayParts, identity: Identity, duty: Duty): readonly Link[] {
  return [
    {
      principal: identity.principal,
      duty: duty.name,
      executable: '',
      started: new Date(clock.nowMs()).toISOString(),
      keyThumbprint: identity.clientKey,
    },
  ];
}

type Opened = { readonly session: string; readonly chain: readonly Link[]; readonly keeps: Keeps };

function sessionFacts({ evidenceKey, loaded }: GatewayParts, identity: Identity, { session, chain, keeps }: Opened) {
  return {
    session,
    gateway: evidenceKey.thumbprint,
    issuer: identity.issuer,
    claims: identity.tokenClaims,
    chain,
    policySha256: loaded.sha256,
    policySource: loaded.source ?? null,
    clientKey: identity.clientKey,
    evidenceKey: evidenceKey.thumbprint,
    nonce: identity.nonce,
    keeps,
    // The wrapper's claim (R3); it starts no command that is not confined.
    confinement: 'confined',
  } as const;
}

type GateParts = {
  readonly audit: AuditFile;
  readonly ca: SessionCa;
  readonly addresses: CageAddresses;
  readonly keepsResponses: boolean;
};

/** One gate for each target of the policy: what the duty may not do there is answered by it, not by a closed port (P10). */
async function gateMaker(
  { secrets, ids, clock, loaded }: GatewayParts,
  { audit, ca, addresses, keepsResponses }: GateParts,
): Promise<GatesFor> {
  const maskKey = randomBytes(MASK_KEY_BYTES);
  const secret = (reference: { readonly secret: string } | null) => (reference === null ? null : (secrets.get(reference.secret) ?? null));
  const ofSession = await Promise.all(
    addresses.targets.flatMap((placed) => {
      const target = loaded.policy.targets.get(placed.target);
      return target === undefined ? [] : [ca.issue(certifiedNames(placed)).then((tls) => ({ target, tls, targetEpoch: { value: 0 } }))];
    }),
  );
  const counts = new OperationCounts();
  return (link, right, responses) => {
    const connections: ConnectionCount = { open: 0, max: loaded.policy.limits.connections };
    const guard = createGuard({ link, right, counts, audit, ids, clock, digestsResponses: keepsResponses });
    return new Map(
      ofSession.map(({ target, tls, targetEpoch }) => {
        const credentials = { password: secret(target.password), ca: secret(target.ca), tls };
        return [
          target.name,
          createGate({
            target,
            link,
            ...credentials,
            right,
            guard,
            responses,
            keepsResponses,
            audit,
            ids,
            connections,
            targetEpoch,
            maskKey,
          }),
        ];
      }),
    );
  };
}

function certifiedNames({ names, listen }: PlacedTarget): { dns: readonly string[]; ip: readonly string[] } {
  return { dns: names, ip: [...new Set(listen.map(({ address }) => address))] };
}
