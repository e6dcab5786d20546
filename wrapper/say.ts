let tell = (line: string): void => {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
  process.stderr.write(`duty-gate: ${line}\n`);
};

/** One line for the person who reads standard error. Nobody may listen (closed, full, its reader gone): it is then lost, and the exit code still tells. */
export function say(line: string): void {
  tell(line);
}

/** From here on somebody else passes on what is said. */
export function sayBy(teller: (line: string) => void): void {
  tell = teller;
}
