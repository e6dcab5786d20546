import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import { EvidenceFault, type EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import { RecordingWriter } from '#adapters/files/recording-writer.ts';
import { ControlError } from '#control/fault.ts';
import type { CageRequest, ConfinementRequest, EndRequest } from '#control/messages.ts';
import type { EgressEntry, Keeps } from '#core/audit/entry.ts';
import type { Whoami } from '#core/chain/whoami.ts';
import type { Right } from '#core/policy/effective-duty.ts';
import type { AgentRule } from '#core/policy/policy.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import type { RecordingPath } from '#core/verify/manifest.ts';
import type { Gate } from '#gates/gate.ts';
import type { LinkChain } from '#session/link-chain.ts';
import type { Narrowing } from '#session/narrowing.ts';
import type { Clock, ResponseLog } from '#session/ports.ts';
import type { Command, DutySession } from '#session/session.ts';
import type { CageAddresses } from './cage/addresses.ts';
import { AgentWatch } from './cage/agent-watch.ts';
import { IdentityBroker, type IdentityBrokerParts } from './cage/identity-broker.ts';
import { INNER_CONTROL, InnerControl } from './cage/inner-control.ts';
import { LinkEgress, type LinkEgressParts } from './cage/link-egress.ts';
import { type CageListeners, openCageListeners } from './cage/listeners.ts';
import { requireOtherNetwork } from './other-network.ts';
import { ResponseRecorder } from './response-recorder.ts';

/** The gates of one command, by target. */
export type GatesFor = (link: string, right: Right, responses: ResponseLog | null) => ReadonlyMap<string, Gate>;

export type LiveLinkParts = {
  readonly command: Command;
  readonly session: DutySession;
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly gatesFor: GatesFor;
  /** What the command's cage may do, and what narrows it. */
  readonly right: Narrowing;
  readonly agents: readonly AgentRule[];
  readonly chain: LinkChain;
  readonly whoami: (command: Command, right: Right, chain: LinkChain) => Whoami;
  /** Which identity tokens the command may have; null: none. */
  readonly identity: Pick<IdentityBrokerParts, 'audiences' | 'mint'> | null;
  /** What it may connect to besides targets; null: nothing. */
  readonly egress: Pick<LinkEgressParts, 'policy' | 'ids' | 'lookup'> | null;
  readonly keeps: Keeps;
  readonly encrypt: Encrypt | null;
  readonly clock: Clock;
  readonly addresses: CageAddresses;
  /** The evidence cannot be kept any more: the session must end. */
  readonly onUnrecordable: (why: string) => void;
  /** A client that has not begun to record after this long never will. */
  readonly recordingBeginMsMax: number;
};

/**
 * One command of a session: its cage's listeners, its gates, its recording. It lives as long as its recording flows: when
 * that breaks off, whoever watched the command is gone, and nothing of it reaches a target any more.
 */
export class LiveLink {
  /** Resolves when its end begins. */
  readonly ending: Promise<void>;
  readonly #endBegun = Promise.withResolvers<void>();
  readonly #parts: LiveLinkParts;
  readonly #responses: ResponseRecorder | null;
  readonly #gates: ReadonlyMap<string, Gate>;
  readonly #inner: InnerControl;
  readonly #egress: LinkEgress | null;
  readonly #waiting = new AbortController();
  /** Resolves, too, when there will be none. */
  readonly #recordingBegun = Promise.withResolvers<void>();
  #caged = false;
  #entrance: string | null = null;
  /** INVARIANT (P8): nobody is served before the cage has been tried and held. */
  #isConfined = false;
  #listeners: CageListeners | null = null;
  #frames: Readable | null = null;
  #recording: Promise<void> | null = null;
  #recordingEnded = false;
  #stopping: Promise<void> | null = null;
  #ending: Promise<void> | null = null;

  constructor(parts: LiveLinkParts) {
    this.#parts = parts;
    this.ending = this.#endBegun.promise;
    const { command, keeps, clock, gatesFor } = parts;
    const isRecorded = keeps.responses === 'full' || keeps.responses === 'encrypted';
    const failed = (why: unknown): void => parts.onUnrecordable(faultOf(why));
    this.#responses = isRecorded ? new ResponseRecorder(() => this.#writer('responses'), clock.monotonicMicros, failed) : null;
    this.#gates = gatesFor(command.link, parts.right, this.#responses);
    this.#inner = new InnerControl(() => parts.whoami(command, parts.right, parts.chain), brokerFor(parts));
    this.#egress = egressFor(parts);
    void delay(parts.recordingBeginMsMax, null, { signal: this.#waiting.signal, ref: false })
      .then(() => this.cut('nobody began to record it'))
      .catch(() => undefined);
  }

  get isEnding(): boolean {
    return this.#stopping !== null;
  }

  /** Once: a second cage would let two commands share what is attributed to one. */
  async enterCage({ pid, entrance, network }: CageRequest): Promise<void> {
    const { session, addresses, command } = this.#parts;
    this.#requireLive();
    if (this.#caged) throw new ControlError('conflict', 'Cannot enter a cage: this command has one, expected none');
    this.#caged = true;
    requireOtherNetwork(pid);
    // INVARIANT (P2): what is not recorded does not begin. The two requests travel side by side.
    await this.#recordingBegun.promise;
    this.#requireLive();
    const { targets, resolvers, names } = addresses;
    const watch = new AgentWatch({ ...this.#parts, link: command.link, roots: [pid], network });
    const egress = this.#egress;
    const onConnection = (target: string, socket: Socket): void => {
      const to = target === INNER_CONTROL.target ? this.#inner : (this.#gates.get(target) ?? egress?.behind(target));
      const isServed = this.#isConfined && this.#stopping === null && session.state === 'open' && watch.admits(socket);
      if (to === undefined || !isServed) socket.destroy();
      else to.accept(socket);
    };
    const listeners = await openListeners({
      ...{ pid, entrance, targets: [...targets, INNER_CONTROL, ...(egress?.targets ?? [])], resolvers, names, onConnection },
      otherName: egress === null ? undefined : (name) => (this.#isConfined ? egress.resolve(name) : Promise.resolve(null)),
    });
    egress?.entered({ pid, entrance, onConnection });
    this.#listeners = listeners;
    // It may have ended meanwhile.
    if (this.#stopping !== null) listeners.close();
    this.#requireLive();
    this.#entrance = entrance;
  }

  /** Takes what came of the escape attempts, once, when the listeners are up. Nothing of the command is served before. */
  async confined({ escapes }: ConfinementRequest): Promise<void> {
    const { session, command } = this.#parts;
    this.#requireLive();
    const entrance = this.#entrance;
    if (entrance === null) throw new ControlError('conflict', 'Cannot take the proof: the command has no cage, expected its listeners up');
    this.#entrance = null;
    const named = (...verdicts: readonly string[]) => escapes.filter(({ verdict }) => verdicts.includes(verdict)).map(({ name }) => name);
    const tried = { held: named('held'), absent: named('absent'), open: named('open', 'late') };
    const proved = ['another network namespace than the gateway'];
    await session.record({ kind: 'confinement', link: command.link, entrance, proved, escapes: tried });
    this.#isConfined = tried.open.length === 0;
  }

  /** Takes the recording, once. Resolves when it has all of it; when it breaks off, so does the command. */
  record(frames: Readable): Promise<void> {
    this.#requireLive();
    if (this.#recording !== null) throw new ControlError('conflict', 'Cannot record: this command has its recording, expected none');
    this.#waiting.abort();
    this.#recordingBegun.resolve();
    this.#frames = frames;
    const recording = this.#writeRecording(frames);
    this.#recording = recording.catch(() => undefined);
    return recording;
  }

  async #writeRecording(frames: Readable): Promise<void> {
    let sink: RecordingSink | null = null;
    let fault = 'its end is missing';
    try {
      sink = this.#parts.keeps.recordings === 'none' ? unkept() : this.#writer('terminal');
      for await (const chunk of frames) await sink.push(chunk);
      const { droppedBytes } = await sink.close();
      if (droppedBytes === 0) return;
    } catch (cause) {
      fault = cause instanceof Error ? cause.message : fault;
      await sink?.close().catch(() => undefined); // it says the same again
      if (cause instanceof EvidenceFault) this.#parts.onUnrecordable(fault);
    } finally {
      this.#recordingEnded = true;
    }
    // Not awaited: it waits for this.
    void this.cut('its recording broke off').catch(() => undefined);
    throw new ControlError('malformed', `Cannot take the recording: ${fault}, expected whole frames to the end`);
  }

  /** Ends it well: nothing of the command can act any more when its end is written. */
  end(how: EndRequest): Promise<void> {
    if (this.#recording !== null && !this.#recordingEnded) {
      throw new ControlError('conflict', 'Cannot end the command: its recording goes on, expected it ended');
    }
    return this.#end('the command has ended', how);
  }

  /** Ends it whatever its state; how the command ended, nobody can say. */
  cut(why: string): Promise<void> {
    return this.#end(why, { exitCode: null, signal: null });
  }

  #end(why: string, how: EndRequest): Promise<void> {
    this.#ending ??= this.stop(why).then(() => this.#parts.session.commandEnded(this.#parts.command, how));
    return this.#ending;
  }

  /** Nothing new comes in from here on, before the first await; resolves when nothing is going on any more. */
  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #stop(why: string): Promise<void> {
    this.#endBegun.resolve();
    this.#waiting.abort();
    this.#recordingBegun.resolve();
    this.#listeners?.close();
    this.#inner.close();
    this.#frames?.destroy();
    await Promise.all([...this.#gates.values()].map((gate) => gate.close(why)));
    await this.#egress?.close().catch((cause: unknown) => this.#parts.onUnrecordable(faultOf(cause)));
    await this.#responses?.close().catch((cause: unknown) => this.#parts.onUnrecordable(faultOf(cause)));
    await this.#recording;
  }

  #writer(of: RecordingPath['of']): RecordingWriter {
    const { folder, audit, command, encrypt } = this.#parts;
    return new RecordingWriter({ folder, of, link: command.link, range: (entry) => audit.append(entry), encrypt });
  }

  #requireLive(): void {
    this.#parts.session.requireOpen();
    if (this.#stopping !== null) throw new ControlError('conflict', 'Cannot use the link: its command has ended, expected it alive');
  }
}

function brokerFor({ identity, command: { link }, session }: LiveLinkParts): IdentityBroker | null {
  return identity === null ? null : new IdentityBroker({ ...identity, link, record: (entry) => session.record(entry) });
}

function egressFor({ egress, command: { link }, session, addresses, clock, onUnrecordable }: LiveLinkParts): LinkEgress | null {
  const record = (entry: EgressEntry): Promise<void> =>
    session.record(entry).catch((cause: unknown) => {
      onUnrecordable(faultOf(cause));
      throw cause;
    });
  return egress === null ? null : new LinkEgress({ ...egress, link, addresses, clock, record }, openCageListeners);
}

type RecordingSink = Pick<RecordingWriter, 'push' | 'close'>;

/** Where nothing is to be kept of it, the command still lives as long as its recording flows. */
function unkept(): RecordingSink {
  const decoder = new FrameDecoder();
  return {
    async push(bytes) {
      decoder.push(bytes);
    },
    close: async () => ({ droppedBytes: decoder.pendingBytes }),
  };
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
