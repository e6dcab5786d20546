import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { CageStatus } from './cage-status.ts';
import { CageStatusReader } from './cage-status.ts';
import type { SeenMount } from './mount-check.ts';
import { WrapError } from './wrap-error.ts';

/** Lines of a mount table taken; the kernel's own limit is 100,000 mounts. */
const MOUNTS_MAX = 100_000;
/** From start to `@ready`; a healthy machine needs a tenth of a second. */
const SET_UP_MS_MAX = 30_000;

export type CageExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'killed' }
  /** The very last step before the command failed; it did not start. */
  | { readonly kind: 'failed'; readonly error: WrapError };

/**
 * A cage being set up, then running: the init's life as the wrapper sees it.
 *
 * Orders travel on the child's standard error, a socket pair. It closes with the wrapper, however that ends, and init
 * then ends the cage: also where init is root's and no signal of ours would reach it.
 */
export class Cage {
  /** The pid that a gateway enters by. */
  readonly networkUp: Promise<number>;
  readonly ready: Promise<void>;
  /** The command's exit, or that the cage died before it. Never rejects. */
  readonly commandEnded: Promise<CageExit>;
  /** The whole cage is gone. Never rejects. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #reader = new CageStatusReader();
  readonly #networkUp = Promise.withResolvers<number>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #commandEnded = Promise.withResolvers<CageExit>();
  readonly #timer: NodeJS.Timeout;
  readonly #mounts: SeenMount[] = [];
  #hasKeptLayers = true;
  #isReady = false;
  #isStarted = false;

  /**
   * @param command of namespace.ts; @param stdin descriptor for the command's own. Its terminal init opens by path: the
   * outer processes would hold on to it, and its end could not be seen.
   * @param ownFd a descriptor of ours that every child would inherit, the terminal's master: this one does not.
   */
  constructor(command: readonly string[], stdin: number | 'ignore', ownFd: number) {
    const [file = '', ...args] = command;
    // A session of its own, without a controlling terminal: sudo then passes our descriptors on, and nothing inside can
    // type into the caller's terminal (R22).
    const nothing = openSync('/dev/null', 'r');
    const others = Array.from({ length: ownFd - 2 }, (_, index) => (index + 3 === ownFd ? nothing : 'ignore'));
    this.#child = spawn(file, args, { cwd: '/', env: {}, detached: true, stdio: [stdin, 'ignore', 'pipe', ...others] });
    closeSync(nothing);
    this.#socket = orderSocket(this.#child);
    this.networkUp = this.#networkUp.promise;
    this.ready = this.#ready.promise;
    this.commandEnded = this.#commandEnded.promise;
    // Looked at by whoever awaits them; not a crash when nobody does.
    this.networkUp.catch(() => undefined);
    this.ready.catch(() => undefined);
    this.#timer = setTimeout(() => this.#failSetUp(`it took longer than ${SET_UP_MS_MAX} ms`), SET_UP_MS_MAX);
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (chunk: string) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    this.#socket.on('error', () => undefined);
    this.ended = this.#watchEnd();
  }

  /** The pid of the process that made the namespaces, by which the user-namespace entrance is entered. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The cage's mount table, whole once it is ready. */
  get mounts(): readonly SeenMount[] {
    return this.#mounts;
  }

  /** False when the folders for upper layers could hold none. */
  get hasKeptLayers(): boolean {
    return this.#hasKeptLayers;
  }

  /** What the tools have said so far, in brackets, or nothing. */
  get complaints(): string {
    return this.#reader.complaints === '' ? '' : ` (${this.#reader.complaints})`;
  }

  go(): void {
    this.#socket.write('go\n');
  }

  signal(name: NodeJS.Signals): void {
    this.#socket.write(`signal ${name.replace(/^SIG/, '')}\n`);
  }

  /** Lets go: init ends, and with it everything inside. */
  release(): void {
    this.#socket.end();
  }

  /** Ends everything inside at once. */
  kill(): void {
    this.#socket.destroy();
    // Ours to signal in the user-namespace entrance; sudo's process is root's, and there init obeys the closed socket.
    this.#child.kill('SIGKILL');
  }

  #take(status: CageStatus): void {
    switch (status.kind) {
      case 'network':
        this.#networkUp.resolve(status.pid);
        break;
      case 'aside':
        this.#hasKeptLayers = false;
        break;
      case 'mount':
        if (this.#mounts.length < MOUNTS_MAX) this.#mounts.push(status);
        else this.#failSetUp(`more than ${MOUNTS_MAX} mounts are there`);
        break;
      case 'ready':
        clearTimeout(this.#timer);
        this.#isReady = true;
        this.#ready.resolve();
        break;
      case 'started':
        this.#isStarted = true;
        break;
      case 'failed':
        this.#failSetUp(`the step ${JSON.stringify(status.step)} failed`);
        break;
      case 'exited':
        if (this.#isStarted) this.#commandEnded.resolve({ kind: 'exited', exitCode: status.exitCode });
        else this.#failSetUp('rights could not be dropped');
        break;
    }
  }

  #failSetUp(why: string): void {
    clearTimeout(this.#timer);
    const error = new WrapError('set-up', `Cannot set up the cage: ${why}${this.complaints}, expected every step to succeed`);
    this.#networkUp.reject(error);
    this.#ready.reject(error);
    this.#commandEnded.resolve({ kind: 'failed', error });
    this.kill();
  }

  #watchEnd(): Promise<void> {
    return new Promise((resolve) => {
      const end = (why: string): void => {
        if (this.#isReady) this.#commandEnded.resolve({ kind: 'killed' });
        else this.#failSetUp(why);
        resolve();
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('close', () => end('it ended'));
    });
  }
}

/** Node types a piped stderr as one-way; underneath it is a socket pair, and both its ends are used here. */
function orderSocket(child: ChildProcess): Socket {
  const stream = child.stderr;
  if (stream === null || !('write' in stream) || !('setNoDelay' in stream)) {
    throw new WrapError('set-up', 'Cannot talk to the cage: its channel is one-way, expected a socket');
  }
  return stream as unknown as Socket;
}
