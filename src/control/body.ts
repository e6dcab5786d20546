import type { IncomingMessage } from 'node:http';
import type * as z from 'zod';
import { ControlError } from './fault.ts';

/** @throws ControlError `malformed`: too large, too slow, not UTF-8, not JSON, not the schema's shape. */
export async function readJson<T>(message: IncomingMessage, schema: z.ZodType<T>, bytesMax: number, msMax: number): Promise<T> {
  if (message.headers['content-type'] !== 'application/json') throw malformed('its content type is another', 'application/json');
  return parseJson(await readBytes(message, bytesMax, msMax), schema);
}

/** Whoever sent it may be anyone; the error says where it is wrong, and repeats none of it. */
export function parseJson<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.map(String).join('.') || 'the whole'} (${issue.code})`);
  throw malformed(`it is wrong at ${where.join(', ')}`, "the message's own shape");
}

export function readBytes(message: IncomingMessage, bytesMax: number, msMax: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: ControlError): void => {
      stop();
      reject(error);
    };
    const timer = setTimeout(() => fail(malformed(`its body took longer than ${msMax} ms`, 'all of it')), msMax);
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bytesMax) fail(malformed('its body is too large', `at most ${bytesMax} bytes`));
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onBroken = (): void => fail(malformed('it was cut off', 'all of it'));
    const stop = (): void => {
      clearTimeout(timer);
      message.off('data', onData).off('end', onEnd).off('close', onBroken);
    };
    message.on('data', onData).on('end', onEnd).on('close', onBroken).on('error', onBroken);
  });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed('it is no JSON', 'one JSON object in UTF-8');
  }
}

function malformed(state: string, expected: string): ControlError {
  return new ControlError('malformed', `Cannot read the message: ${state}, expected ${expected}`);
}
