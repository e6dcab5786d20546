import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { CageStatus } from './cage-status.ts';
import { CageStatusReader } from './cage-status.ts';
import { startSocketProcess } from './socket-process.ts';
import { WrapError } from './wrap-error.ts';

export type CommandExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** Whoever started it is gone, and nobody can say more. */
  | { readonly kind: 'killed' }
  /** It did not start. */
  | { readonly kind: 'failed'; readonly error: WrapError };

/** From its start to the command's; a healthy machine needs a hundredth of a second. */
const START_MS_MAX = 30_000;

/** One command in a cage that stands, by the program that starts it there and tells its end (wrapper/cage/enter.c). */
export class CagedCommand {
  /** Nothing of ours is needed any more for it to run: it does, or has ended. Never rejects. */
  readonly settled: Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<CommandExit>;
  readonly #child: ChildProcess;
  readonly #orders: Socket;
  readonly #reader = new CageStatusReader();
  readonly #settled = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<CommandExit>();
  readonly #timer: NodeJS.Timeout;
  #isStarted = false;

  /**
   * @param command of namespace.ts; @param stdin descriptor for the command's own; `ignore` where its terminal is.
   * @param ownFd the terminal's master, which no child is to have.
   */
  constructor(command: readonly string[], stdin: number | 'ignore', ownFd: number) {
    const { child, orders } = startSocketProcess(command, stdin, 'ignore', ownFd);
    this.#child = child;
    this.#orders = orders;
    this.settled = this.#settled.promise;
    this.ended = this.#ended.promise;
    this.#timer = setTimeout(() => this.#fail(`it took longer than ${START_MS_MAX} ms`), START_MS_MAX);
    orders.setEncoding('utf8');
    orders.on('data', (chunk: string) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    orders.on('error', () => undefined);
    child.once('error', (error) => this.#lost(error.message));
    child.once('close', () => this.#lost('it ended'));
  }

  signal(name: NodeJS.Signals): void {
    this.#orders.write(`signal ${name.replace(/^SIG/, '')}\n`);
  }

  /** Ends it with all it has started, but for what that has made its own. */
  kill(): void {
    this.#orders.write('kill\n');
  }

  #take(status: CageStatus): void {
    switch (status.kind) {
      case 'started':
        this.#isStarted = true;
        this.#settle();
        break;
      case 'exited':
        if (this.#isStarted) this.#end({ kind: 'exited', exitCode: status.exitCode });
        else this.#fail('it ended');
        break;
      case 'failed':
        this.#fail(`the step ${JSON.stringify(status.step)} failed`);
        break;
      default:
        this.#fail('it speaks of a cage');
        break;
    }
  }

  #lost(why: string): void {
    if (this.#isStarted) this.#end({ kind: 'killed' });
    else this.#fail(why);
  }

  #fail(why: string): void {
    const said = this.#reader.complaints === '' ? '' : ` (${this.#reader.complaints})`;
    const error = new WrapError('set-up', `Cannot start the command in its cage: ${why}${said}, expected every step to succeed`);
    this.#end({ kind: 'failed', error });
    this.#orders.destroy();
    this.#child.kill('SIGKILL');
  }

  #end(exit: CommandExit): void {
    this.#settle();
    this.#ended.resolve(exit);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#settled.resolve();
  }
}
