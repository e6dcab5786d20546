import { realpathSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { EvidenceFault } from '#adapters/files/evidence-folder.ts';
import type { Bootstrap } from '#control/bootstrap.ts';
import { ControlError } from '#control/fault.ts';
import { createSigningKey } from '#control/keys.ts';
import type { OpenRequest } from '#control/messages.ts';
import { type ControlHandlers, createControlServer } from '#control/server.ts';
import { SessionTokens } from '#control/session-tokens.ts';
import { chooseDuty, describeChoice } from '#core/policy/bind.ts';
import type { Claims, Duty, Policy } from '#core/policy/policy.ts';
import { SessionError } from '#session/session.ts';
import { controlSocketPath, listenPrivately } from './control-socket.ts';
import type { LiveSession } from './live-session.ts';
import { encryptTo, requireSecrets } from './load-policy.ts';
import { Nonces } from './nonces.ts';
import { type GatewayParts, openLiveSession } from './open-session.ts';
import { type Identifier, type Identify, prepare } from './prepare.ts';
import { randomIds, systemClock } from './system.ts';

export type Daemon = {
  readonly socketPath: string;
  /** A job's gateway goes on when the step that started it has ended. */
  readonly outlivesItsStarter: boolean;
  /** Resolves with the reason once there is nothing left to do. */
  readonly over: Promise<string>;
  /** Ends the session, if one is open, unsealed, and stops listening. */
  stop(why: string): Promise<void>;
};

/** A session that is not opened by then never will be: whoever started the gateway is gone. */
const OPENING_MS_MAX = 60_000;
const LAST_ANSWERS_MS_MAX = 500;

/** A gateway for one session, on a Unix socket. @throws GatewayError */
export async function startDaemon(bootstrap: Bootstrap): Promise<Daemon> {
  const { loaded, secrets, hide, mint, outlivesItsStarter, identifier } = await prepare(bootstrap);
  requireSecrets(loaded.policy, secrets);
  const evidenceKey = createSigningKey();
  const ids = randomIds();
  const tokens = new SessionTokens();
  const sessions = new OneSession(
    {
      ...{ loaded, secrets, mint, evidenceKey, ids, tokens, clock: systemClock, evidenceFolder: bootstrap.evidenceFolder },
      encrypt: encryptTo(loaded.policy.evidence.encryptTo),
      socketPath: controlSocketPath(bootstrap.socketFolder),
      hide: [bootstrap.socketFolder, ...hide].map((path) => realpathSync(path)),
    },
    identifier,
  );
  const server = createControlServer(sessions.handlers, { gateway: evidenceKey.thumbprint, nowMs: systemClock.nowMs, tokens });
  const socketPath = await listenPrivately(server, bootstrap.socketFolder);
  return {
    socketPath,
    outlivesItsStarter,
    over: outlivesItsStarter ? sessions.over(OPENING_MS_MAX) : NEVER,
    async stop(why) {
      const answered = new Promise<void>((resolve) => void server.close(() => resolve()));
      await sessions.abort(why);
      // Whoever asked for the end is to hear that it came.
      await Promise.race([answered, delay(LAST_ANSWERS_MS_MAX, undefined, { ref: false })]);
      server.closeAllConnections();
    },
  };
}

const NEVER = new Promise<string>(() => undefined);

/** The one session that this gateway serves in its life. A second one ends both (R2). */
class OneSession {
  readonly handlers: ControlHandlers;
  readonly #parts: GatewayParts;
  readonly #nonces: Nonces;
  readonly #identify: Identify;
  readonly #opened = Promise.withResolvers<LiveSession>();
  #opening: Promise<LiveSession> | null = null;

  constructor(parts: GatewayParts, identifier: Identifier) {
    const { thumbprint } = parts.evidenceKey;
    this.#parts = parts;
    this.#nonces = new Nonces(parts.ids.next);
    this.#identify = identifier({ gateway: thumbprint, evidenceKey: thumbprint, nonces: this.#nonces, nowMs: parts.clock.nowMs });
    this.handlers = {
      hello: () => ({ version: 1, gateway: thumbprint, nonce: this.#nonces.issue(), evidenceKey: thumbprint }),
      open: (request, clientKey) => this.#open(request, clientKey),
      watch: (id, tell) => this.#with(id, (session) => session.watch(tell)),
      startLink: (id, request) => this.#with(id, (session) => session.startLink(request)),
      claim: (id, link, request) => this.#with(id, (session) => session.claim(link, request)),
      hold: (id, link, lifeline) => this.#with(id, (session) => session.hold(link, lifeline)),
      enterCage: (id, link, request) => this.#with(id, (session) => session.enterCage(link, request)),
      confined: (id, link, request) => this.#with(id, (session) => session.confined(link, request)),
      record: (id, link, frames: Readable) => this.#with(id, (session) => session.record(link, frames)),
      endLink: (id, link, request) => this.#with(id, (session) => session.endLink(link, request)),
      close: (id) => this.#with(id, (session) => session.close()),
    };
  }

  async abort(why: string): Promise<void> {
    const session = await this.#opening?.catch(() => null);
    await session?.abort(why);
  }

  /** Resolves with the reason when there is, or will be, no session any more. */
  async over(openingMsMax: number): Promise<string> {
    const late = delay(openingMsMax, null, { ref: false });
    const opened = await Promise.race([this.#opened.promise, late]);
    if (opened === null) return 'no session was opened';
    await opened.ended;
    return 'its session has ended';
  }

  async #open(request: OpenRequest, clientKey: string) {
    const identity = await this.#identify(request.token, clientKey);
    const duty = dutyFor(this.#parts.loaded.policy, identity.claims, request.duty);
    if (this.#opening !== null) {
      await (await this.#opening.catch(() => null))?.incident(clientKey);
      throw new ControlError('conflict', 'Cannot open the session: this gateway has served one, and a second one ends both; expected none');
    }
    this.#opening = openLiveSession(this.#parts, identity, duty);
    try {
      const session = await this.#opening;
      this.#opened.resolve(session);
      return session.answer();
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
