import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { PostgresTarget } from '#core/policy/policy.ts';
import { loadGrammar } from '#core/sql/grammar.ts';
import { ClassificationCache } from '#core/sql/shape.ts';
import type { Guard } from '#session/guard.ts';
import type { AuditLog, Ids, ResponseLog } from '#session/ports.ts';
import type { CancelKeys } from './cancel-key.ts';
import { createConversation } from './conversation.ts';
import { dial, sendCancel, type Upstream } from './dial.ts';
import { authenticationOk, backendKeyData, errorResponse, negotiateProtocolVersion, parameterStatus, readyForQuery } from './encode.ts';
import { type Greeting, greet } from './greeting.ts';
import type { TargetMasks } from './judge.ts';
import type { SessionEncoding } from './machine.ts';
import { Relay } from './relay.ts';
import type { RowMasks } from './rows.ts';
import { judgeStartup, type StartupJudgement } from './startup-parameters.ts';

/** What all connections of one gate have in common. */
export type ConnectionShared = {
  readonly target: PostgresTarget;
  readonly link: string;
  readonly password: string | null;
  readonly ca: string | null;
  readonly secureContext: SecureContext;
  readonly guard: Guard;
  readonly responses: ResponseLog | null;
  readonly keepsResponses: boolean;
  readonly audit: AuditLog;
  readonly ids: Ids;
  readonly masks: TargetMasks & RowMasks;
  readonly forPeople: (text: string) => string;
  readonly cancelKeys: CancelKeys<() => void>;
  readonly targetEpoch: { value: number };
};

/**
 * Takes a client from its first byte to its last.
 *
 * @param tooMany so many are open, and it is one more than may be: it gets an answer, or cancels; null: it is not.
 * @param gone called once, when nothing of it is left.
 */
export function serveConnection(
  client: Socket,
  shared: ConnectionShared,
  tooMany: number | null,
  gone: () => void,
): { end(why: string): void } {
  const id = shared.ids.next();
  const early = new AbortController();
  let end = (_why: string): void => {
    early.abort();
    client.destroy();
  };
  client.on('error', () => {}); // 'close' follows, and is what everybody listens for
  client.setNoDelay(true);
  establish(client, shared, id, { tooMany, signal: early.signal })
    .then((session) => {
      if (session === null) return gone();
      end = run(session, shared, id, gone);
    })
    .catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : 'unknown fault';
      record(shared, id, 'refused', message);
      client.destroySoon();
      gone();
    });
  return { end: (why) => end(why) };
}

type Session = {
  readonly client: Socket;
  readonly upstream: Upstream;
  readonly startup: StartupJudgement & { ok: true };
  readonly minor: number;
};

type Early = { readonly tooMany: number | null; readonly signal: AbortSignal };

/** Null: there is no session to run, and the client has had its answer. */
async function establish(client: Socket, shared: ConnectionShared, id: string, { tooMany, signal }: Early): Promise<Session | null> {
  const greeting = await greet(client, shared.secureContext);
  if (greeting.kind === 'cancel') {
    shared.cancelKeys.find(greeting.packet.processId, greeting.packet.key)?.();
    greeting.socket.destroySoon();
    return null;
  }
  if (tooMany !== null) return refuse(greeting, shared, id, tooManyOpen(tooMany));
  const startup = judgeStartup(greeting.packet.parameters, { database: shared.target.database });
  if (!startup.ok) return refuse(greeting, shared, id, startup);
  try {
    const { target, password, ca } = shared;
    const upstream = await dial({ target, password, ca, parameters: startup.upstream, nonce: shared.ids.next(), signal });
    return { client: greeting.socket, upstream, startup, minor: greeting.packet.minor };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'Cannot reach the target';
    return refuse(greeting, shared, id, {
      code: '08006',
      message,
      hint: 'The reason lies between the gateway and the target, not in this client.',
    });
  }
}

/** SQLSTATE as the server's own for that (PostgreSQL, Appendix A). */
function tooManyOpen(open: number): { code: string; message: string; hint: string } {
  const message = `duty-gate lets no further connection through: ${open} are open out of this cage, expected fewer`;
  return { code: '53300', message, hint: 'limits.connections of the policy says how many. Close some, or share them.' };
}

function refuse(greeting: Greeting, shared: ConnectionShared, id: string, why: { code: string; message: string; hint: string }): null {
  const { code, message, hint } = why;
  greeting.socket.write(errorResponse({ severity: 'FATAL', code, message, detail: null, hint }));
  greeting.socket.destroySoon();
  record(shared, id, 'refused', message);
  return null;
}

function run(session: Session, shared: ConnectionShared, id: string, gone: () => void): (why: string) => void {
  const { client, upstream } = session;
  const cancelKey = shared.cancelKeys.add(session.minor >= 2 ? LONG_KEY_BYTES : SHORT_KEY_BYTES, () => {
    // Nobody waits for it: the protocol promises no answer, and a target that is gone has nothing to cancel.
    sendCancel({ target: shared.target, ca: shared.ca }, upstream.established.backendKey).catch(() => {});
  });
  let relay: Relay | null = null;
  let endedEarly: string | null = null;
  const end = (why: string) => {
    if (relay === null) endedEarly = why;
    else
      relay.end(
        errorResponse({ severity: 'FATAL', code: '57P01', message: `duty-gate ended this connection: ${why}`, detail: null, hint: null }),
        why,
      );
  };
  prepare(session, shared)
    .then((conversation) => {
      client.write(welcome(session, cancelKey));
      record(shared, id, 'opened', null);
      relay = new Relay({
        client,
        upstream: upstream.socket,
        upstreamReader: upstream.reader,
        clientFrameBytesMax: CLIENT_FRAME_BYTES_MAX,
        conversation,
        ask: (request, answer) => shared.guard.ask(id, request, answer),
        response(decisionId, bytes) {
          shared.guard.response(decisionId, bytes);
          return shared.responses?.write(decisionId, bytes) ?? null;
        },
        outcome: shared.guard.outcome,
        closed(why) {
          shared.cancelKeys.remove(cancelKey);
          record(shared, id, 'closed', why);
          gone();
        },
      });
      relay.start();
      if (endedEarly !== null) end(endedEarly);
    })
    .catch((cause: unknown) => {
      shared.cancelKeys.remove(cancelKey);
      const message = cause instanceof Error ? cause.message : 'unknown fault';
      client.write(errorResponse({ severity: 'FATAL', code: '0A000', message, detail: null, hint: null }));
      record(shared, id, 'refused', message);
      client.destroySoon();
      upstream.socket.destroy();
      gone();
    });
  return end;
}

const SHORT_KEY_BYTES = 4;
const LONG_KEY_BYTES = 32;
/** Above the largest statement there is (16 MiB), and room for Bind parameters. */
const CLIENT_FRAME_BYTES_MAX = 32 * 1024 * 1024;

async function prepare(session: Session, shared: ConnectionShared) {
  const { parameters } = session.upstream.established;
  const grammar = await loadGrammar(majorOf(parameters.get('server_version') ?? ''));
  const cache = ClassificationCache.forGrammar(grammar);
  const encoding: SessionEncoding = {
    clientEncoding: parameters.get('client_encoding') ?? 'unknown',
    standardConformingStrings: parameters.get('standard_conforming_strings') === 'on' ? 'on' : 'off',
  };
  return createConversation({
    target: shared.target.name,
    database: shared.target.database,
    classify: (text, now) => cache.classify(text, { statementBytesMax: shared.target.statementBytesMax }, now),
    masks: shared.masks,
    forPeople: shared.forPeople,
    preview: shared.guard.preview,
    inert: shared.guard.inert,
    targetEpoch: shared.targetEpoch,
    keepsResponses: shared.keepsResponses,
    encoding,
  });
}

/** `15.18 (Debian …)` → 15. */
function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Everything a server says between start-up and the first statement; passwords are never asked for: the place is the identity. */
function welcome(session: Session, cancelKey: { readonly processId: number; readonly key: Buffer }): Buffer {
  const { startup, upstream, minor } = session;
  const negotiates = minor > HIGHEST_MINOR || startup.unrecognised.length > 0;
  return Buffer.concat([
    ...(negotiates ? [negotiateProtocolVersion(Math.min(minor, HIGHEST_MINOR), startup.unrecognised)] : []),
    authenticationOk(),
    ...[...upstream.established.parameters].map(([name, value]) => parameterStatus(name, value)),
    backendKeyData(cancelKey.processId, cancelKey.key),
    readyForQuery('I'),
  ]);
}

/** Protocol 3.2 (PostgreSQL 18). */
const HIGHEST_MINOR = 2;

function record(shared: ConnectionShared, connection: string, event: 'opened' | 'refused' | 'closed', why: string | null): void {
  shared.audit.append({ kind: 'connection', connection, link: shared.link, target: shared.target.name, event, why });
}
