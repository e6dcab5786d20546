import { get } from 'node:http';
import { INNER_CONTROL_PORT, INNER_CONTROLS, Whoami, whoamiPage } from '#core/chain/whoami.ts';
import { type CommandIo, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './io.ts';
import { readJsonOptions } from './json-options.ts';

const HELP = `duty-gate whoami [--json]

Inside a command that duty-gate runs: on whose behalf it acts, and what it may do.

  --json  print one JSON object: the chain, the duties, and the chain as the gateway signs it
  --help  this text

Exit code: 0 told, 1 there is no gateway to ask, 2 usage.
`;

const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const ANSWER_MS_MAX = 5_000;

export type Place = { readonly host: string; readonly port: number };

/** `duty-gate whoami`. `place`: where the gateway is asked. Answers the exit code. */
export async function whoamiCommand(
  args: readonly string[],
  io: CommandIo,
  place: Place = { host: INNER_CONTROLS[0], port: INNER_CONTROL_PORT },
): Promise<number> {
  const options = readJsonOptions(args);
  if (typeof options === 'string') {
    io.stderr.write(`duty-gate whoami: Cannot read the options, expected these\n\n${HELP}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const told = await ask(place);
  if (told === null) {
    io.stderr.write('duty-gate whoami: Cannot ask who this is: no gateway answers, expected to be inside duty-gate run\n');
    return EXIT_FAILED;
  }
  io.stdout.write(options.json ? `${JSON.stringify(told)}\n` : whoamiPage(told));
  return EXIT_OK;
}

/** Null when nobody answers, or not as a gateway does. */
function ask({ host, port }: Place): Promise<Whoami | null> {
  return new Promise((resolve) => {
    const request = get({ host, port, path: '/whoami', agent: false, signal: AbortSignal.timeout(ANSWER_MS_MAX) }, (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > ANSWER_BYTES_MAX) request.destroy();
        else pieces.push(piece);
      });
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(response.statusCode === 200 ? read(Buffer.concat(pieces)) : null));
    });
    request.on('error', () => resolve(null));
  });
}

function read(bytes: Buffer): Whoami | null {
  try {
    const parsed = Whoami.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
