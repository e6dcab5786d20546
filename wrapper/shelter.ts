import { spawn } from 'node:child_process';
import { cageProgram } from './cage-program.ts';
import type { CagedCommand } from './caged-command.ts';
import type { CagePlace } from './plan.ts';
import type { Terminal } from './pty.ts';
import type { StandingCage } from './raise-cage.ts';
import { say } from './say.ts';

/** How long, after the command's end, a child that still holds its terminal (tee, gzip) may finish what it prints. */
export const LINGER_MS_MAX = 1000;

/** The cage that a command runs in, and what of it ends with the command. */
export type Shelter = {
  readonly place: CagePlace;
  /** Path of the command's start file. */
  readonly start: string;
  /** Ends the command, and what it has started, at once. */
  kill(command: Pick<CagedCommand, 'kill'>): void;
  /** The command has ended. @param isSilent nobody holds its terminal any more. */
  leave(terminal: Pick<Terminal, 'masterFd' | 'close'>, isSilent: boolean): Promise<void>;
  /** Its session is gone, or cannot record: nothing of the command lives on. */
  lose(command: Pick<CagedCommand, 'kill' | 'ended'>): Promise<void>;
};

/** A cage of the command's own: its end is the end of everything inside. */
export function ownShelter({ cage, place, start }: StandingCage): Shelter {
  return {
    ...{ place, start },
    kill: () => cage.kill(),
    async leave() {
      // By itself at first, so that sudo and unshare leave in good order.
      cage.release();
      await Promise.race([cage.ended, delay(LINGER_MS_MAX)]);
      cage.kill();
      await cage.ended;
    },
    async lose() {
      cage.kill();
      await cage.ended;
    },
  };
}

/** The job's cage: what a command leaves running goes on, as it would without one. The gateway ends it. */
export function sharedShelter(place: CagePlace, start: string): Shelter {
  return {
    ...{ place, start },
    kill: (command) => command.kill(),
    async leave(terminal, isSilent) {
      if (isSilent) return;
      say("what it left running goes on in the job's cage; what that prints from now on is neither shown nor recorded");
      drain(terminal);
    },
    async lose(command) {
      command.kill();
      await Promise.race([command.ended, delay(LINGER_MS_MAX)]);
    },
  };
}

/** Hands the terminal over to a program that reads it to its end: without a reader, whoever prints would be stopped or fail. */
function drain(terminal: Pick<Terminal, 'masterFd' | 'close'>): void {
  const stdio = [terminal.masterFd, 'ignore', 'ignore'] as const;
  const child = spawn(cageProgram(), ['drain'], { cwd: '/', env: {}, detached: true, stdio: [...stdio] });
  child.once('error', () => undefined);
  child.unref();
  terminal.close();
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
