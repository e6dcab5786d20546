import { ControlError } from '#control/fault.ts';

/** How long a session may last (the policy's limits.session). */
export class SessionTime {
  #isOver = false;

  /** @param over called once, if the session has not ended by then: with why, in words */
  constructor(sessionMs: number | null, ended: Promise<void>, over: (why: string) => void) {
    if (sessionMs === null) return;
    const timer = setTimeout(() => {
      this.#isOver = true;
      over('the time that limits.session gives is over');
    }, sessionMs).unref();
    void ended.then(() => clearTimeout(timer));
  }

  /** @throws ControlError when nothing may begin any more. */
  requireLeft(): void {
    if (!this.#isOver) return;
    throw new ControlError(
      'conflict',
      'Cannot start the command: the time that limits.session gives the session is over, expected it earlier',
    );
  }
}
