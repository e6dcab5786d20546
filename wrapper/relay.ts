import type { DescriptorWriter } from './descriptor-writer.ts';
import type { Keyboard, OutputFilter, OutputSink, Screen } from './plan.ts';
import type { Terminal } from './pty.ts';
import type { Recorder } from './record.ts';

/**
 * Copies what the command prints to our output and into the recording, no faster than the slower of the two takes it.
 *
 * @returns a promise that resolves at the terminal's end: nobody holds it any more (EIO), or we closed it.
 */
export function relayOutput(terminal: Terminal, output: OutputSink, recorder: Recorder, filter: OutputFilter | null): Promise<void> {
  const stream = terminal.output;
  stream.on('data', (chunk: Buffer) => {
    const recorded = recorder.output(chunk);
    const written = output.write(filter === null ? chunk : filter.push(chunk));
    if (recorded && written) return;
    stream.pause();
    void Promise.all([recorder.drained(), output.drained()]).then(() => stream.resume());
  });
  // EIO is how Linux says that the last holder of the slave is gone.
  stream.on('error', () => undefined);
  return new Promise((resolve) =>
    stream.once('close', () => {
      if (filter !== null) output.write(filter.end());
      resolve();
    }),
  );
}

/**
 * Joins a person's terminal to the command's: keys in, size along. Ours is raw meanwhile: the command's own does the
 * editing and makes signals of keys.
 *
 * @returns a function that gives the person's terminal back as it was.
 */
export function relayKeyboard(
  keyboard: Keyboard,
  screen: Screen,
  keys: DescriptorWriter,
  resize: (columns: number, rows: number) => void,
): () => void {
  const onKeys = (chunk: Buffer): void => {
    if (keys.write(chunk)) return;
    keyboard.pause();
    void keys.drained().then(() => keyboard.resume());
  };
  const onResize = (): void => resize(screen.columns, screen.rows);
  keyboard.setRawMode(true);
  keyboard.on('data', onKeys);
  keyboard.resume();
  screen.on('resize', onResize);
  return () => {
    screen.off('resize', onResize);
    keyboard.off('data', onKeys);
    keyboard.setRawMode(false);
    keyboard.pause();
  };
}
