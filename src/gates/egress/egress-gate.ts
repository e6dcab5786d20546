import type { Socket } from 'node:net';
import type { EgressEntry } from '#core/audit/entry.ts';
import type { AddressesDecision } from '#core/egress/rules.ts';
import type { Clock, Ids } from '#session/ports.ts';
import { Attempt } from './attempt.ts';
import { dialFirst } from './dial.ts';
import { HttpRelay } from './http-relay.ts';
import { readOpeningOf } from './peek.ts';
import { tunnel } from './tunnel.ts';

/** Where a listener of a cage leads to. */
export type EgressDestination = {
  readonly kind: 'name' | 'address';
  readonly host: string;
  readonly port: number;
  /** The rule that allows it; null: none does, and the policy only watches. */
  readonly rule: string | null;
};

export type EgressGateSetup = {
  readonly link: string;
  readonly mode: 'block' | 'audit';
  /** Rejects when it could not be written: then nothing may be done. */
  readonly record: (entry: EgressEntry) => Promise<void>;
  /** What may be connected to for a name; the connection is made to just these. */
  readonly addresses: (name: string, port: number) => Promise<AddressesDecision>;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly openingMsMax?: number;
  readonly attemptsMax?: number;
};

/** Of one cage, at once. */
const CONNECTIONS_MAX = 256;
/** Of one cage, in all: each is written down twice. */
const ATTEMPTS_MAX = 20_000;
const OPENING_MS_MAX = 10_000;

/**
 * The way out of one cage to what the policy's `egress` allows.
 *
 * INVARIANT (R24): a connection is made to the gateway's own, checked answer for the name that the client was given an address for,
 * and only if the client asks that server for this very name.
 */
export class EgressGate {
  readonly #setup: EgressGateSetup;
  readonly #sockets = new Set<Socket>();
  readonly #pending = new Set<Promise<void>>();
  readonly #http: HttpRelay;
  readonly #attemptsMax: number;
  #clients = 0;
  #attempts = 0;
  #turnedAway = 0;
  #isClosed = false;

  constructor(setup: EgressGateSetup) {
    this.#setup = setup;
    this.#attemptsMax = setup.attemptsMax ?? ATTEMPTS_MAX;
    this.#http = new HttpRelay({
      attempt: (to) => this.#countedAttempt(to),
      dial: (attempt, said) => this.#dial(attempt, said),
      track: (work) => this.#track(work),
    });
  }

  /** Connections that nothing was written about, because there were too many. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  accept(socket: Socket, to: EgressDestination): void {
    socket.on('error', () => undefined);
    if (this.#isClosed || this.#clients >= CONNECTIONS_MAX || this.#attempts >= this.#attemptsMax) {
      this.#turnedAway += 1;
      return void socket.destroy();
    }
    this.#clients += 1;
    socket.once('close', () => {
      this.#clients -= 1;
    });
    this.#hold(socket);
    // A client that has said all may still wait for the answer.
    socket.allowHalfOpen = true;
    this.#track(this.#serve(socket, to));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.destroy();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #serve(socket: Socket, to: EgressDestination): Promise<void> {
    try {
      if (to.kind === 'address') await this.#tunnel(socket, this.#attempt(to), { protocol: 'raw', seen: null, why: null });
      else await this.#serveByName(socket, to);
    } catch {
      // It could not be recorded: the session ends.
      socket.destroy();
    }
  }

  async #serveByName(socket: Socket, to: EgressDestination): Promise<void> {
    const { mode, openingMsMax = OPENING_MS_MAX } = this.#setup;
    const opening = await readOpeningOf(socket, openingMsMax);
    if (opening.kind === 'http') return this.#http.serve(socket, to);
    const attempt = this.#attempt(to);
    const isTls = opening.kind === 'tls';
    const why = isTls ? (opening.serverName === to.host ? null : 'it asks for another server than it was connected to (SNI)') : opening.why;
    const said = { protocol: isTls ? 'tls' : null, seen: opening.serverName, why } as const;
    if (why === null || mode === 'audit') return this.#tunnel(socket, attempt, said);
    socket.destroy();
    await attempt.refused(why, said);
  }

  async #tunnel(socket: Socket, attempt: Attempt, said: Pick<EgressEntry, 'protocol' | 'seen' | 'why'>): Promise<void> {
    const upstream = await this.#dial(attempt, said);
    if (upstream === null) return void socket.destroy();
    await tunnel(socket, upstream);
    await attempt.closed(upstream);
  }

  /** Null: it cannot be reached or must not be; that is written down. */
  async #dial(attempt: Attempt, said?: Parameters<Attempt['opened']>[1]): Promise<Socket | null> {
    const { kind, host, port } = attempt.to;
    const decision: AddressesDecision =
      kind === 'address' ? { kind: 'allowed', addresses: [host] } : await this.#setup.addresses(host, port);
    if (decision.kind === 'refused') {
      await attempt.refused(decision.why, said);
      return null;
    }
    await attempt.opened(decision.addresses.join(' '), said);
    const upstream = this.#isClosed ? null : await dialFirst(decision.addresses, port, (socket) => this.#hold(socket));
    if (upstream === null) await attempt.closed(null, 'nobody answered there');
    return upstream;
  }

  /** Of requests there may be many on one connection. */
  #countedAttempt(to: EgressDestination): Attempt | null {
    if (this.#attempts < this.#attemptsMax) return this.#attempt(to);
    this.#turnedAway += 1;
    return null;
  }

  #attempt(to: EgressDestination): Attempt {
    this.#attempts += 1;
    const { link, record, ids, clock } = this.#setup;
    return new Attempt({ id: ids.next(), link, to, record, clock });
  }

  #hold(socket: Socket): void {
    if (this.#isClosed) return void socket.destroy();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #track(work: Promise<void>): void {
    const settled = work.catch(() => undefined).then(() => void this.#pending.delete(settled));
    this.#pending.add(settled);
  }
}
