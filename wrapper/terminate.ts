/** Signals that ask the wrapper to end, passed on to the command. */
export const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const satisfies readonly NodeJS.Signals[];

export type Terminator = {
  /** Takes one request to end. */
  request(signal: NodeJS.Signals): void;
  /** The cage has ended; no timer stays behind. */
  stop(): void;
};

/**
 * Passes the first request on, and ends the cage at the second, or when the command has not obeyed within the grace.
 *
 * @param cage what to signal and to kill; @param graceMs from the first request to the end.
 */
export function createTerminator(cage: { signal(name: NodeJS.Signals): void; kill(): void }, graceMs: number): Terminator {
  let timer: NodeJS.Timeout | null = null;
  return {
    request(signal) {
      if (timer !== null) return cage.kill();
      cage.signal(signal);
      timer = setTimeout(() => cage.kill(), graceMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Listens for the signals of FORWARDED_SIGNALS until the returned function is called. */
export function onSignals(handle: (signal: NodeJS.Signals) => void): () => void {
  const listeners = FORWARDED_SIGNALS.map((signal) => ({ signal, listener: () => handle(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
