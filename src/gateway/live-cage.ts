import type { Socket } from 'node:net';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import type { EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { ControlError } from '#control/fault.ts';
import type { AgentLauncher, CageRequest, ConfinementRequest } from '#control/messages.ts';
import type { EgressEntry, Keeps } from '#core/audit/entry.ts';
import type { SeenAgent } from '#core/chain/agent-sight.ts';
import type { Whoami } from '#core/chain/whoami.ts';
import type { Right } from '#core/policy/effective-duty.ts';
import type { AgentRule } from '#core/policy/policy.ts';
import type { Gate } from '#gates/gate.ts';
import type { LinkChain } from '#session/link-chain.ts';
import type { Narrowing } from '#session/narrowing.ts';
import type { Clock, ResponseLog } from '#session/ports.ts';
import type { DutySession } from '#session/session.ts';
import type { CageAddresses } from './cage/addresses.ts';
import { AgentWatch } from './cage/agent-watch.ts';
import { IdentityBroker, type IdentityBrokerParts } from './cage/identity-broker.ts';
import { INNER_CONTROL, InnerControl } from './cage/inner-control.ts';
import { LinkEgress, type LinkEgressParts } from './cage/link-egress.ts';
import { type CageListeners, openCageListeners } from './cage/listeners.ts';
import { requireOtherNetwork } from './other-network.ts';
import { ResponseRecorder } from './response-recorder.ts';

/** The gates of one cage, by target. */
export type GatesFor = (link: string, right: Right, responses: ResponseLog | null) => ReadonlyMap<string, Gate>;

export type LiveCageParts = {
  /** The command whose own it is, or the name of a cage of the job's: what comes out of it is of that. */
  readonly link: string;
  readonly session: DutySession;
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly gatesFor: GatesFor;
  /** What may be done in it, and what narrows it. */
  readonly right: Narrowing;
  readonly agents: readonly AgentRule[];
  /** As in AgentWatchParts; the same for all cages of a session. */
  readonly sticky: Map<string, SeenAgent>;
  readonly chain: LinkChain;
  readonly whoami: (link: string, right: Right, chain: LinkChain) => Whoami;
  /** Runs a command for one inside. */
  readonly nest: (from: string, socket: Socket) => void;
  /** Which identity tokens its processes may have; null: none. */
  readonly identity: Pick<IdentityBrokerParts, 'audiences' | 'mint'> | null;
  /** What they may connect to besides targets; null: nothing. */
  readonly egress: Pick<LinkEgressParts, 'policy' | 'ids' | 'lookup'> | null;
  readonly keeps: Keeps;
  readonly encrypt: Encrypt | null;
  readonly clock: Clock;
  readonly addresses: CageAddresses;
  /** The evidence cannot be kept any more: the session must end. */
  readonly onUnrecordable: (why: string) => void;
};

/** Where a cage stands, as its maker has told. */
export type CagePlace = Omit<CageRequest, 'launchers'> & { readonly launchers: readonly AgentLauncher[] };

/** The way out of one cage: its listeners, the gates behind them, and what its processes may ask. */
export class LiveCage {
  /** Resolves when its end begins. */
  readonly ending: Promise<void>;
  readonly #endBegun = Promise.withResolvers<void>();
  readonly #parts: LiveCageParts;
  readonly #responses: ResponseRecorder | null;
  readonly #gates: ReadonlyMap<string, Gate>;
  readonly #inner: InnerControl;
  readonly #egress: LinkEgress | null;
  #isEntered = false;
  #place: CagePlace | null = null;
  /** INVARIANT (P8): nobody is served before the cage has been tried and held. */
  #proof: 'wanted' | 'taken' | 'held' = 'wanted';
  #listeners: CageListeners | null = null;
  #stopping: Promise<void> | null = null;

  constructor(parts: LiveCageParts) {
    this.#parts = parts;
    this.ending = this.#endBegun.promise;
    const { link, keeps, clock, gatesFor, right, chain } = parts;
    const isRecorded = keeps.responses === 'full' || keeps.responses === 'encrypted';
    const failed = (why: unknown): void => parts.onUnrecordable(faultOf(why));
    this.#responses = isRecorded ? new ResponseRecorder(() => this.#writer(), clock.monotonicMicros, failed) : null;
    this.#gates = gatesFor(link, right, this.#responses);
    this.#inner = new InnerControl(
      () => parts.whoami(link, right, chain),
      brokerFor(parts),
      (socket) => parts.nest(link, socket),
    );
    this.#egress = egressFor(parts);
  }

  get isEnding(): boolean {
    return this.#stopping !== null;
  }

  /** Null before its listeners are up. */
  get place(): CagePlace | null {
    return this.#place;
  }

  get isConfined(): boolean {
    return this.#proof === 'held';
  }

  /** Once: a second cage would let two commands share what is attributed to one. */
  async open(place: CagePlace): Promise<void> {
    const { addresses, link } = this.#parts;
    this.#requireLive();
    if (this.#isEntered) throw new ControlError('conflict', 'Cannot enter a cage: this command has one, expected none');
    this.#isEntered = true;
    const { pid, entrance, network, launchers } = place;
    requireOtherNetwork(pid);
    const { targets, resolvers, names } = addresses;
    const watch = new AgentWatch({
      ...this.#parts,
      link,
      roots: [pid],
      network,
      launchers: new Set(launchers.flatMap(({ path, name }) => [path, name])),
    });
    const egress = this.#egress;
    const onConnection = (target: string, socket: Socket): void => {
      const to = target === INNER_CONTROL.target ? this.#inner : (this.#gates.get(target) ?? egress?.behind(target));
      if (to === undefined || !this.#serves() || !watch.admits(socket)) socket.destroy();
      else to.accept(socket);
    };
    const listeners = await openListeners({
      ...{ pid, entrance, targets: [...targets, INNER_CONTROL, ...(egress?.targets ?? [])], resolvers, names, onConnection },
      otherName: egress === null ? undefined : (name) => (this.isConfined ? egress.resolve(name) : Promise.resolve(null)),
    });
    egress?.entered({ pid, entrance, onConnection });
    this.#listeners = listeners;
    // It may have ended meanwhile.
    if (this.#stopping !== null) listeners.close();
    this.#requireLive();
    this.#place = place;
  }

  #serves(): boolean {
    return this.isConfined && this.#stopping === null && this.#parts.session.state === 'open';
  }

  /** Takes what came of the escape attempts, once, when the listeners are up. Nothing inside is served before. */
  async confined({ escapes }: ConfinementRequest): Promise<void> {
    const { session, link } = this.#parts;
    this.#requireLive();
    if (this.#place === null || this.#proof !== 'wanted')
      throw new ControlError('conflict', 'Cannot take the proof: the command has no cage, expected its listeners up');
    this.#proof = 'taken';
    const named = (...verdicts: readonly string[]) => escapes.filter(({ verdict }) => verdicts.includes(verdict)).map(({ name }) => name);
    const tried = { held: named('held'), absent: named('absent'), open: named('open', 'late') };
    const proved = ['another network namespace than the gateway'];
    await session.record({ kind: 'confinement', link, entrance: this.#place.entrance, proved, escapes: tried });
    if (tried.open.length === 0) this.#proof = 'held';
  }

  /** Nothing new comes in from here on, before the first await; resolves when nothing is going on any more. */
  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #stop(why: string): Promise<void> {
    this.#endBegun.resolve();
    this.#listeners?.close();
    this.#inner.close();
    await Promise.all([...this.#gates.values()].map((gate) => gate.close(why)));
    await this.#egress?.close().catch((cause: unknown) => this.#parts.onUnrecordable(faultOf(cause)));
    await this.#responses?.close().catch((cause: unknown) => this.#parts.onUnrecordable(faultOf(cause)));
  }

  #writer(): RecordingWriter {
    const { folder, audit, link, encrypt } = this.#parts;
    return new RecordingWriter({ folder, of: 'responses', link, range: (entry) => audit.append(entry), encrypt });
  }

  #requireLive(): void {
    this.#parts.session.requireOpen();
    if (this.#stopping !== null) throw new ControlError('conflict', 'Cannot use the cage: its command has ended, expected it alive');
  }
}

function brokerFor({ identity, link, session }: LiveCageParts): IdentityBroker | null {
  return identity === null ? null : new IdentityBroker({ ...identity, link, record: (entry) => session.record(entry) });
}

function egressFor({ egress, link, session, addresses, clock, onUnrecordable }: LiveCageParts): LinkEgress | null {
  const record = (entry: EgressEntry): Promise<void> =>
    session.record(entry).catch((cause: unknown) => {
      onUnrecordable(faultOf(cause));
      throw cause;
    });
  return egress === null ? null : new LinkEgress({ ...egress, link, addresses, clock, record }, openCageListeners);
}

function faultOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'an unknown fault';
}

async function openListeners(options: Parameters<typeof openCageListeners>[0]): Promise<CageListeners> {
  try {
    return await openCageListeners(options);
  } catch (cause) {
    // Its words are about namespaces, tools and addresses of ours, and are what a person needs.
    throw new ControlError('failed', cause instanceof Error ? cause.message : 'Cannot listen inside the cage', { cause });
  }
}
