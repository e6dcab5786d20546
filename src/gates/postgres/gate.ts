import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Right } from '#core/policy/effective-duty.ts';
import type { PostgresTarget } from '#core/policy/policy.ts';
import type { ConnectionCount, Gate } from '#gates/gate.ts';
import type { Guard } from '#session/guard.ts';
import type { AuditLog, Ids, ResponseLog } from '#session/ports.ts';
import { CancelKeys } from './cancel-key.ts';
import { type ConnectionShared, serveConnection } from './connection.ts';
import { createGateMasks } from './target-masks.ts';

export type PostgresGateSetup = {
  readonly target: PostgresTarget;
  /** The command whose cage the connections come from. */
  readonly link: string;
  /** The gateway's own credentials for the target (P5). */
  readonly password: string | null;
  readonly ca: string | null;
  /** The certificate that clients inside the cage see, PEM. */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly right: Right;
  readonly guard: Guard;
  /** Keeps what targets answer; null: they are not recorded. */
  readonly responses: ResponseLog | null;
  /** Whether anything, a digest or all, is kept of what targets answer. */
  readonly keepsResponses: boolean;
  readonly audit: AuditLog;
  readonly ids: Ids;
  /** Counts what may have changed names at the target; one for all commands of the session (R31). */
  readonly targetEpoch: { value: number };
  /** Of all gates of the command. */
  readonly connections: ConnectionCount;
  /** Keys the `hash` mask for this session. */
  readonly maskKey: Buffer;
};

/** The PostgreSQL gate for one target and one command of a session. */
export function createPostgresGate(setup: PostgresGateSetup): Gate {
  const live = new Set<{ end(why: string): void }>();
  let emptied = (): void => {};
  let overs = 0;
  const { masks, forPeople } = createGateMasks(setup.right, setup.target.name, setup.maskKey);
  const shared: ConnectionShared = {
    target: setup.target,
    link: setup.link,
    password: setup.password,
    ca: setup.ca,
    secureContext: createSecureContext({ key: setup.tls.key, cert: setup.tls.cert }),
    guard: setup.guard,
    responses: setup.responses,
    keepsResponses: setup.keepsResponses,
    audit: setup.audit,
    ids: setup.ids,
    masks,
    forPeople,
    cancelKeys: new CancelKeys(setup.connections.max),
    targetEpoch: setup.targetEpoch,
  };
  return {
    accept(socket: Socket) {
      const { connections } = setup;
      const isOver = connections.open >= connections.max;
      if (isOver && overs >= OVERS_MAX) return void socket.destroy();
      if (isOver) overs += 1;
      else connections.open += 1;
      const connection = serveConnection(socket, shared, isOver ? connections.max : null, () => {
        if (isOver) overs -= 1;
        else connections.open -= 1;
        live.delete(connection);
        if (live.size === 0) emptied();
      });
      live.add(connection);
    },
    async close(why) {
      if (live.size === 0) return;
      const empty = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      for (const connection of live) connection.end(why);
      await empty;
    },
  };
}

/** At once: those that are one too many get an answer, or cancel what another one does. */
const OVERS_MAX = 32;
