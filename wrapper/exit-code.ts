import { constants } from 'node:os';
import type { WrapResult } from './plan.ts';

/** The session was lost while the command ran. */
export const EXIT_SESSION_LOST = 123;
/** duty-gate could not start the command safely; nothing ran. */
export const EXIT_NOT_STARTED = 125;

/** The wrapper's own exit code: the command's, 123, or 128+n for a signal, as shells do (DESIGN 2). */
export function exitCodeOf(result: WrapResult): number {
  switch (result.kind) {
    case 'exited':
      return result.exitCode;
    case 'signalled':
      return 128 + constants.signals[result.signal];
    case 'lost':
      return EXIT_SESSION_LOST;
  }
}
