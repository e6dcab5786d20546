import { realpathSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { EvidenceFault } from '#adapters/files/evidence-folder.ts';
import { NO_SECRETS, readSecretsFile, SecretsFileError } from '#adapters/secrets/secrets-file.ts';
import type { Bootstrap } from '#control/bootstrap.ts';
import { ControlError } from '#control/fault.ts';
import { createSigningKey } from '#control/keys.ts';
import { localUserName } from '#control/local-user.ts';
import type { OpenRequest } from '#control/messages.ts';
import { type ControlHandlers, createControlServer } from '#control/server.ts';
import { chooseDuty, describeChoice } from '#core/policy/bind.ts';
import type { Claims, Duty, Policy } from '#core/policy/policy.ts';
import type { SecretStore } from '#session/ports.ts';
import { SessionError } from '#session/session.ts';
import { listenPrivately } from './control-socket.ts';
import { GatewayError } from './gateway-error.ts';
import { type IdentifySetup, identify } from './identify.ts';
import type { LiveSession } from './live-session.ts';
import { loadPolicy, requireSecrets } from './load-policy.ts';
import { Nonces } from './nonces.ts';
import { type GatewayParts, openLiveSession } from './open-session.ts';
import { randomIds, systemClock } from './system.ts';

export type Daemon = {
  readonly socketPath: string;
  /** Ends the session, if one is open, unsealed, and stops listening. */
  stop(why: string): Promise<void>;
};

/** A gateway for one session, on a Unix socket. @throws GatewayError */
export async function startDaemon(bootstrap: Bootstrap): Promise<Daemon> {
  const loaded = await loadPolicy(bootstrap.policyPath);
  const secrets = await loadSecrets(bootstrap.secretsPath);
  requireSecrets(loaded.policy, secrets);
  const evidenceKey = createSigningKey();
  const ids = randomIds();
  const sessions = new OneSession({
    ...{ loaded, secrets, evidenceKey, ids, clock: systemClock, evidenceFolder: bootstrap.evidenceFolder },
    hide: [bootstrap.socketFolder, ...(bootstrap.secretsPath === null ? [] : [bootstrap.secretsPath])].map((path) => realpathSync(path)),
  });
  const server = createControlServer(sessions.handlers, { gateway: evidenceKey.thumbprint, nowMs: systemClock.nowMs });
  const socketPath = await listenPrivately(server, bootstrap.socketFolder);
  return {
    socketPath,
    async stop(why) {
      server.close();
      await sessions.abort(why);
      server.closeAllConnections();
    },
  };
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

/** The one session that this gateway serves in its life. A second one ends both (R2). */
class OneSession {
  readonly handlers: ControlHandlers;
  readonly #parts: GatewayParts;
  readonly #nonces: Nonces;
  readonly #identify: IdentifySetup;
  #opening: Promise<LiveSession> | null = null;

  constructor(parts: GatewayParts) {
    const { thumbprint } = parts.evidenceKey;
    this.#parts = parts;
    this.#nonces = new Nonces(parts.ids.next);
    this.#identify = {
      gateway: thumbprint,
      evidenceKey: thumbprint,
      nonces: this.#nonces,
      user: localUserName(),
      nowMs: parts.clock.nowMs,
    };
    this.handlers = {
      hello: () => ({ version: 1, gateway: thumbprint, nonce: this.#nonces.issue(), evidenceKey: thumbprint }),
      open: (request, clientKey) => this.#open(request, clientKey),
      enterCage: (id, request) => this.#with(id, (session) => session.enterCage(request)),
      record: (id, frames: Readable) => this.#with(id, (session) => session.record(frames)),
      ended: (id) => this.#with(id, (session) => session.ended),
      close: (id, request) => this.#with(id, (session) => session.close(request)),
    };
  }

  async abort(why: string): Promise<void> {
    const session = await this.#opening?.catch(() => null);
    await session?.abort(why);
  }

  async #open(request: OpenRequest, clientKey: string) {
    const identity = await identify(this.#identify, request.token, clientKey);
    const duty = dutyFor(this.#parts.loaded.policy, identity.claims, request.duty);
    if (this.#opening !== null) {
      await (await this.#opening.catch(() => null))?.incident(clientKey);
      throw new ControlError('conflict', 'Cannot open the session: this gateway has served one, and a second one ends both; expected none');
    }
    this.#opening = openLiveSession(this.#parts, identity, duty, request);
    try {
      return (await this.#opening).answer();
    } catch (cause) {
      // Their words name a file of the bundle and what the system said.
      if (cause instanceof EvidenceFault || cause instanceof SessionError) throw new ControlError('failed', cause.message, { cause });
      throw cause;
    }
  }

  async #with<T>(id: string, act: (session: LiveSession) => Promise<T>): Promise<T> {
    const session = await this.#opening?.catch(() => null);
    if (session?.id !== id) throw new ControlError('not-found', 'Cannot serve the request: there is no such session, expected an open one');
    try {
      return await act(session);
    } catch (cause) {
      if (cause instanceof SessionError)
        throw new ControlError(cause.code === 'not-open' ? 'conflict' : 'failed', cause.message, { cause });
      throw cause;
    }
  }
}

function dutyFor(policy: Policy, claims: Claims, asked: string | null): Duty {
  const choice = chooseDuty(policy, claims, asked);
  if (choice.kind !== 'ok') throw new ControlError('forbidden', describeChoice(choice) ?? 'Cannot choose a duty');
  return choice.duty;
}
