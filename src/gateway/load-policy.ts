import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { AgeKeyError, createEncrypt } from '#adapters/encryption/age.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import type { PolicySource } from '#core/audit/entry.ts';
import { sha256Hex } from '#core/audit/sha256.ts';
import { parsePolicy } from '#core/policy/parse.ts';
import type { Policy } from '#core/policy/policy.ts';
import { describeProblem } from '#core/policy/problems.ts';
import type { SecretStore } from '#session/ports.ts';
import { errorCode, GatewayError } from './gateway-error.ts';

export const POLICY_BYTES_MAX = 1024 * 1024;

/** A policy, and its very bytes for the evidence. `source`: null for a file of this machine. */
export type LoadedPolicy = {
  readonly policy: Policy;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly source: PolicySource | null;
};

/** Reads the file once: what is judged by is what the bundle holds. @throws GatewayError `policy`, with every problem and its line. */
export async function loadPolicy(path: string): Promise<LoadedPolicy> {
  return understand(await readPolicy(path), path, null);
}

/** The policy that these bytes are. `name`: of the file, for messages. @throws GatewayError `policy` */
export function understand(bytes: Uint8Array, name: string, source: PolicySource | null): LoadedPolicy {
  const parsed = parsePolicy(decode(bytes, name));
  if (parsed.ok) return { policy: parsed.policy, bytes, sha256: sha256Hex(bytes), source };
  const { problems } = parsed;
  const list = problems.map((problem) => `  ${name}:${describeProblem(problem)}`).join('\n');
  throw new GatewayError('policy', `Cannot use the policy: ${problems.length} problem(s), expected none\n${list}`, {
    problems: problems.map(({ line, column, path, message }) => ({ line, column, message: path === '' ? message : `${path}: ${message}` })),
  });
}

/** @throws GatewayError `secrets` that names every secret the policy wants and nobody brought. */
export function requireSecrets(policy: Policy, secrets: SecretStore): void {
  const missing = [...policy.targets.values()].flatMap(({ name, password, ca }) =>
    [password, ca].flatMap((reference) =>
      reference === null || secrets.get(reference.secret) !== undefined ? [] : [`  ${reference.secret} (target ${name})`],
    ),
  );
  if (missing.length === 0) return;
  throw new GatewayError('secrets', `Cannot use the policy: secrets are missing, expected them in the secrets file\n${missing.join('\n')}`);
}

/** Null: it names nobody. @throws GatewayError `policy` */
export function encryptTo(recipients: Policy['evidence']['encryptTo']): Encrypt | null {
  if (recipients.length === 0) return null;
  try {
    return createEncrypt(recipients);
  } catch (cause) {
    if (cause instanceof AgeKeyError)
      throw new GatewayError('policy', `Cannot use the policy: evidence.encrypt-to: ${cause.message}`, { cause });
    throw cause;
  }
}

async function readPolicy(path: string): Promise<Uint8Array> {
  try {
    // Non-blocking: opening a named pipe would wait for a writer, and keep even the end of this process waiting.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      if ((await file.stat()).isFIFO()) throw new GatewayError('policy', `Cannot read the policy ${path}: it is a pipe, expected a file`);
      const buffer = Buffer.alloc(POLICY_BYTES_MAX + 1);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, bytes, buffer.length - bytes, null);
        bytes += bytesRead;
        if (bytes > POLICY_BYTES_MAX)
          throw new GatewayError('policy', `Cannot read the policy ${path}: it is too large, expected at most ${POLICY_BYTES_MAX} bytes`);
        if (bytesRead === 0) return buffer.subarray(0, bytes);
      }
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError('policy', `Cannot read the policy ${path}: ${errorCode(cause)}, expected a readable file`, { cause });
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GatewayError('policy', `Cannot read the policy ${path}: it is not UTF-8, expected UTF-8`, { cause });
  }
}
