import { type Diagnosis, type Examined, examineHost } from '#wrapper/doctor.ts';
import type { HostCheck } from '#wrapper/host-checks.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { readJsonOptions } from './json-options.ts';

const HELP = `duty-gate doctor [--json]

Examines this machine: what a cage needs and how to mend what is missing, and every escape, without a cage and in one.
It changes nothing.

  --json           print one JSON object instead of the page
  --help           this text

Exit code: 0 all good, 1 an escape is not held, 2 usage, 125 no command could be started in a cage.
`;

const EXIT_NO_CAGE = 125;

/** `duty-gate doctor`. Answers the exit code. */
export async function doctorCommand(
  args: readonly string[],
  io: CommandIo,
  examine: () => Promise<Diagnosis> = () => examineHost(process.getuid?.() ?? 0),
  isTerminal: boolean = process.stdout.isTTY,
): Promise<number> {
  const options = readJsonOptions(args);
  if (typeof options === 'string') {
    io.stderr.write(`duty-gate: ${options}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const diagnosis = await examine();
  io.stdout.write(options.json ? `${JSON.stringify({ v: 1, ...diagnosis })}\n` : page(diagnosis, isTerminal));
  return exitCode(diagnosis);
}

function exitCode({ escapes, fault }: Diagnosis): number {
  if (escapes.some(({ inside }) => inside === 'open' || inside === 'late')) return EXIT_FAILED;
  return fault === null ? EXIT_OK : EXIT_NO_CAGE;
}

const MARKS = { good: 'ok', note: 'note', missing: 'MISSING' } as const;
const COLOURS = { good: 32, note: 33, missing: 31 } as const;

function page({ checks, escapes, fault }: Diagnosis, isTerminal: boolean): string {
  const colour = (text: string, code: number): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
  const checkLines = checks.flatMap((check) => lines(check, (text) => colour(text, COLOURS[check.state])));
  const width = Math.max(...escapes.map(({ name }) => name.length));
  const rows = escapes.map((each) =>
    row(each, width, (text) => colour(text, each.inside === 'held' ? 32 : each.inside === 'absent' ? 33 : 31)),
  );
  const count = (wanted: Examined['inside']): number => escapes.filter(({ inside }) => inside === wanted).length;
  const last = `${escapes.length} escapes: ${count('held')} held, ${count('absent')} absent, ${count('open')} open, ${count('late')} unproved, ${count(null)} not tried in a cage`;
  const why = fault === null ? [] : [colour(fault, COLOURS.missing)];
  return `${[...checkLines, '', `${'escape'.padEnd(width)}  ${'without a cage'.padEnd(16)}  in a cage`, ...rows, '', last, ...why].join('\n')}\n`;
}

function lines({ name, state, found, mend }: HostCheck, mark: (text: string) => string): readonly string[] {
  return [`${mark(MARKS[state].padEnd(7))}  ${name}: ${found}`, ...(mend === null ? [] : [`         to mend: ${mend}`])];
}

function row({ name, outside, inside, detail }: Examined, width: number, mark: (text: string) => string): string {
  return `${name.padEnd(width)}  ${outside.padEnd(16)}  ${mark((inside ?? 'not tried').padEnd(9))}  ${detail}`.trimEnd();
}
