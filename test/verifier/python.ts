import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonWithCryptography } from '#test/servers/clients.ts';

const VERIFIER = fileURLToPath(new URL('../../docs/verifier/verify.py', import.meta.url));
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** What the second verifier finds in one bundle (docs/verifier). */
export type PythonFinding = {
  readonly path: string;
  readonly exitCode: number;
  readonly verdict: string;
  readonly anchoring: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly signed: number;
  readonly last: string;
  readonly problems: readonly unknown[];
};

/** Runs docs/verifier/verify.py, once for all folders. Answers in their order. */
export async function verifyByPython(paths: readonly string[], options: readonly string[] = []): Promise<readonly PythonFinding[]> {
  const { program, env } = pythonWithCryptography();
  const args = [VERIFIER, '--json', ...options, ...paths];
  const run = promisify(execFile)(program, args, {
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  // An exit code of its own is not a failure; what is none of its lines is.
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  const found = stdout.split('\n').flatMap((line): PythonFinding[] => (line === '' ? [] : [JSON.parse(line)]));
  if (found.length !== paths.length)
    throw new Error(`Cannot verify by Python: ${found.length} answers for ${paths.length} bundles. ${stderr}`);
  return found;
}
