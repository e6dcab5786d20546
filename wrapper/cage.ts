import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { CageStatus } from './cage-status.ts';
import { CageStatusReader } from './cage-status.ts';
import type { EscapeResult } from './escape-report.ts';
import type { SeenMount } from './mount-check.ts';
import { asSocket, startSocketProcess } from './socket-process.ts';
import { WrapError } from './wrap-error.ts';

/** Lines of a mount table taken; the kernel's own limit is 100,000 mounts. */
const MOUNTS_MAX = 100_000;
/** From start to `@probed`; a healthy machine needs a tenth of a second. */
const SET_UP_MS_MAX = 30_000;
/** Results of escape attempts taken: beyond it the report is not ours. */
const ESCAPES_MAX = 256;

export type CageNetwork = { readonly pid: number; readonly inode: string };

/**
 * A cage being set up, then standing: the init's life as the wrapper sees it.
 *
 * Until `hold` it ends with us, by the closed socket that orders travel on. From then on it lives for as long as another
 * socket, its standard output, however we end: also where init is root's and no signal of ours would reach it. That socket is ours, or
 * somebody's whom it is to outlive us for.
 */
export class Cage {
  /** Of its network: the pid of its init as seen from here, and the inode of the namespace. */
  readonly networkUp: Promise<CageNetwork>;
  readonly ready: Promise<void>;
  /** What the escape attempts came to. */
  readonly probed: Promise<readonly EscapeResult[]>;
  /** The whole cage is gone. Never rejects. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #orders: Socket;
  /** Null: it is somebody else's. */
  readonly #life: Socket | null;
  readonly #reader = new CageStatusReader();
  readonly #networkUp = Promise.withResolvers<CageNetwork>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #probed = Promise.withResolvers<readonly EscapeResult[]>();
  readonly #escapes: EscapeResult[] = [];
  readonly #timer: NodeJS.Timeout;
  readonly #mounts: SeenMount[] = [];
  #hasKeptLayers = true;
  #isProbed = false;

  /**
   * @param command of namespace.ts.
   * @param ownFd a descriptor of ours that every child would inherit, the terminal's master: this one does not.
   * @param lifeline what it is to live by once it is held; given away here. Null: us.
   */
  constructor(command: readonly string[], ownFd: number, lifeline: Socket | null) {
    const { child, orders } = startSocketProcess(command, 'ignore', lifeline ?? 'pipe', ownFd);
    this.#child = child;
    this.#orders = orders;
    this.#life = lifeline === null ? asSocket(child.stdout) : null;
    lifeline?.destroy();
    this.networkUp = this.#networkUp.promise;
    this.ready = this.#ready.promise;
    this.probed = this.#probed.promise;
    // Looked at by whoever awaits them; not a crash when nobody does.
    this.networkUp.catch(() => undefined);
    this.ready.catch(() => undefined);
    this.probed.catch(() => undefined);
    this.#timer = setTimeout(() => this.#failSetUp(`it took longer than ${SET_UP_MS_MAX} ms`), SET_UP_MS_MAX);
    this.#orders.setEncoding('utf8');
    this.#orders.on('data', (chunk: string) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    for (const socket of [this.#orders, this.#life]) socket?.on('error', () => undefined);
    this.#life?.resume();
    this.ended = this.#watchEnd();
  }

  /** The pid of the process that made the namespaces, by which a gateway enters in the user-namespace entrance. */
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

  /** Has the escapes tried. */
  probe(): void {
    this.#orders.write('probe\n');
  }

  /** It is as it should be: it stands until `release`, or our end; or by its lifeline, and is not ours any more. */
  hold(): void {
    this.#orders.end('go\n', () => {
      // Whoever started it for us may have the other end for as long as it stands.
      if (this.#life === null) this.#orders.destroy();
    });
    if (this.#life === null) this.#child.unref();
  }

  /** Lets go: init ends, and with it everything inside. */
  release(): void {
    this.#life?.destroy();
  }

  /** Ends everything inside at once. */
  kill(): void {
    this.#orders.destroy();
    this.#life?.destroy();
    // Ours to signal in the user-namespace entrance; sudo's process is root's, and there init obeys the closed sockets.
    this.#child.kill('SIGKILL');
  }

  #take(status: CageStatus): void {
    switch (status.kind) {
      case 'network':
        this.#networkUp.resolve(status);
        break;
      case 'aside':
        this.#hasKeptLayers = false;
        break;
      case 'mount':
        if (this.#mounts.length < MOUNTS_MAX) this.#mounts.push(status);
        else this.#failSetUp(`more than ${MOUNTS_MAX} mounts are there`);
        break;
      case 'ready':
        this.#ready.resolve();
        break;
      case 'escape':
        if (this.#escapes.length < ESCAPES_MAX) this.#escapes.push(status.result);
        else this.#failSetUp(`more than ${ESCAPES_MAX} escapes are told`);
        break;
      case 'probed':
        clearTimeout(this.#timer);
        this.#isProbed = true;
        this.#probed.resolve(this.#escapes);
        break;
      case 'failed':
        this.#failSetUp(`the step ${JSON.stringify(status.step)} failed`);
        break;
      case 'started':
      case 'exited':
        this.#failSetUp('it speaks of a command');
        break;
    }
  }

  #failSetUp(why: string): void {
    clearTimeout(this.#timer);
    const error = new WrapError('set-up', `Cannot set up the cage: ${why}${this.complaints}, expected every step to succeed`);
    this.#networkUp.reject(error);
    this.#ready.reject(error);
    this.#probed.reject(error);
    this.kill();
  }

  #watchEnd(): Promise<void> {
    return new Promise((resolve) => {
      const end = (why: string): void => {
        if (!this.#isProbed) this.#failSetUp(why);
        resolve();
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('close', () => end('it ended'));
    });
  }
}
