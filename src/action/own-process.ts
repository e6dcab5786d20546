/**
 * R6: nobody opens a debugger in a process that holds the job's tokens, and what it writes is nobody else's. The runner starts us
 * without `--disable-sigusr1`; a listener takes the place of the one that would open the debugger.
 *
 * @returns when the runner asks us to end (a cancelled job, a step's time-out): it waits some seconds before it insists.
 */
export function hardenProcess(): { readonly cancelled: Promise<string> } {
  process.on('SIGUSR1', () => undefined);
  process.umask(0o077);
  const cancelled = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(`the runner ended the step (${signal})`));
  });
  return { cancelled };
}
