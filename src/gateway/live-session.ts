import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import { EvidenceFault, type EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import { RecordingFile } from '#adapters/files/recording-file.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import { ControlError } from '#control/fault.ts';
import type { CageRequest, CloseAnswer, CloseRequest, OpenAnswer } from '#control/messages.ts';
import type { Gate } from '#gates/gate.ts';
import type { DutySession } from '#session/session.ts';
import type { CageAddresses } from './cage/addresses.ts';
import { type CageListeners, openCageListeners } from './cage/listeners.ts';
import { requireOtherNetwork } from './other-network.ts';

export type LiveSessionParts = {
  readonly session: DutySession;
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly gates: ReadonlyMap<string, Gate>;
  readonly addresses: CageAddresses;
  readonly ca: string;
  readonly hide: readonly string[];
  readonly gateway: string;
  readonly evidenceKey: KeyObject;
  /** A wrapper ends its recording before it closes the session; one that has not, after this long, never will. */
  readonly recordingEndMsMax: number;
};

/** The chain has one link, the first: its terminal is the only one recorded. */
const ROOT_LINK = '0';

/** An open session and all it holds on to: listeners, gates, recording, bundle. It ends by `close`, sealed, or by `abort`, unsealed. */
export class LiveSession {
  readonly ended: Promise<void>;
  readonly #parts: LiveSessionParts;
  #caged = false;
  #listeners: CageListeners | null = null;
  #recording: Promise<void> | null = null;
  #recordingEnded = true;
  #closing: Promise<void> | null = null;
  #aborted: Promise<void> | null = null;

  constructor(parts: LiveSessionParts) {
    this.#parts = parts;
    this.ended = parts.session.ended;
  }

  get id(): string {
    return this.#parts.session.id;
  }

  answer(): Omit<OpenAnswer, 'token'> {
    const { session, addresses, ca, folder, hide } = this.#parts;
    return {
      session: session.id,
      duty: session.duty.name,
      targets: addresses.targets.map(({ target, names, listen }) => ({ target, names: [...names], listen: [...listen] })),
      resolvers: [...addresses.resolvers],
      ca,
      evidence: folder.path,
      hide: [...hide],
    };
  }

  /** Once: a second cage would let two commands share what is attributed to one. */
  async enterCage({ pid, entrance }: CageRequest): Promise<void> {
    const { session, addresses, gates } = this.#parts;
    session.requireOpen();
    if (this.#caged) throw new ControlError('conflict', 'Cannot enter a cage: this session has one, expected none');
    this.#caged = true;
    requireOtherNetwork(pid);
    const { targets, resolvers, names } = addresses;
    const listeners = await openListeners({
      ...{ pid, entrance, targets, resolvers, names },
      onConnection(target, socket) {
        const gate = session.state === 'open' ? gates.get(target) : undefined;
        if (gate === undefined) socket.destroy();
        else gate.accept(socket);
      },
    });
    this.#listeners = listeners;
    // It may have ended meanwhile.
    if (session.state !== 'open') listeners.close();
    session.requireOpen();
  }

  /** INVARIANT (P2): a recording that cannot go on ends the session. */
  record(frames: Readable): Promise<void> {
    this.#parts.session.requireOpen();
    if (this.#recording !== null) throw new ControlError('conflict', 'Cannot record: this session has its recording, expected none');
    this.#recordingEnded = false;
    const recording = this.#writeRecording(frames);
    this.#recording = recording.catch(() => undefined);
    return recording;
  }

  async #writeRecording(frames: Readable): Promise<void> {
    const { folder, audit } = this.#parts;
    const file = new RecordingFile({ folder, link: ROOT_LINK, chunk: (entry) => audit.append(entry) });
    let fault = 'its end is missing';
    try {
      for await (const chunk of frames) file.push(chunk);
      const { droppedBytes } = file.close();
      if (droppedBytes === 0) return;
    } catch (cause) {
      fault = cause instanceof Error ? cause.message : fault;
      file.close();
    } finally {
      this.#recordingEnded = true;
    }
    // Not awaited: it waits for this.
    void this.abort('its recording broke off');
    throw new ControlError('malformed', `Cannot take the recording: ${fault}, expected whole frames to the end`);
  }

  /** Ends it well: nothing of the command is left when its end is written, and nothing is written after the seal. */
  close(request: CloseRequest): Promise<CloseAnswer> {
    this.#parts.session.beginClosing();
    const closing = this.#close(request);
    this.#closing = closing.then(
      () => undefined,
      () => undefined,
    );
    return closing;
  }

  async #close(request: CloseRequest): Promise<CloseAnswer> {
    const { session, folder, audit, gateway, evidenceKey } = this.#parts;
    let sealing = false;
    try {
      await this.#stop('the session was closed');
      if (!this.#recordingEnded) throw new ControlError('conflict', 'Cannot seal the evidence: the recording goes on, expected it ended');
      await session.commandEnded(request);
      const { allowed, refused, masked } = audit.counts;
      sealing = true; // which closes the audit, whatever happens
      await sealBundle({ folder, audit, session: session.id, gateway, evidenceKey });
      return { evidence: folder.path, allowed, refused, masked };
    } catch (cause) {
      // Its words name a file of the bundle and what the system said.
      if (cause instanceof EvidenceFault) throw new ControlError('failed', cause.message, { cause });
      throw cause;
    } finally {
      if (!sealing) audit.close();
      folder.close();
      session.end();
    }
  }

  /** Ends it at once, whatever its state; the bundle stays unsealed, whole up to its last entry. What is being sealed is let finish. */
  abort(why: string): Promise<void> {
    this.#aborted ??= this.#closing ?? this.#abort(why);
    return this.#aborted;
  }

  async #abort(why: string): Promise<void> {
    const { session, folder, audit } = this.#parts;
    session.end();
    await this.#stop(why);
    audit.close();
    folder.close();
  }

  /** Nothing new comes in from here on, before the first await. */
  async #stop(why: string): Promise<void> {
    this.#listeners?.close();
    await Promise.all([...this.#parts.gates.values()].map((gate) => gate.close(why)));
    await Promise.race([this.#recording, delay(this.#parts.recordingEndMsMax)]);
  }

  /** A second session was asked for (R2). */
  async incident(clientKey: string): Promise<void> {
    const { session, audit } = this.#parts;
    if (session.state === 'open') audit.append({ kind: 'incident', incident: 'second-open', clientKey });
    await this.abort('a second session was opened');
  }
}

async function openListeners(options: Parameters<typeof openCageListeners>[0]): Promise<CageListeners> {
  try {
    return await openCageListeners(options);
  } catch (cause) {
    // Its words are about namespaces, tools and addresses of ours, and are what a person needs.
    throw new ControlError('failed', cause instanceof Error ? cause.message : 'Cannot listen inside the cage', { cause });
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
