import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { KEYS_FILE_BYTES_MAX, type KnownKeys, withKeysFile } from '#core/verify/issuer-keys.ts';

/** The keys that `--keys FILE` brings, besides those that this version knows; or why there are none. */
export function readKeysFile(path: string): KnownKeys | { readonly why: string } {
  const bytes = readFile(path);
  if (typeof bytes === 'string') return { why: `Cannot read the keys ${path}: ${bytes}` };
  const keys = withKeysFile(bytes.toString('utf8'));
  return typeof keys === 'string' ? { why: `Cannot use the keys ${path}: ${keys}` } : keys;
}

/** Non-blocking: a named pipe would wait for a writer. */
function readFile(path: string): Buffer | string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      if (!fstatSync(fd).isFile()) return 'it is no file';
      const buffer = Buffer.alloc(KEYS_FILE_BYTES_MAX + 1);
      let bytes = 0;
      for (let read = -1; read !== 0 && bytes < buffer.length; bytes += read)
        read = readSync(fd, buffer, bytes, buffer.length - bytes, null);
      return bytes > KEYS_FILE_BYTES_MAX ? `it is too large, expected at most ${KEYS_FILE_BYTES_MAX} bytes` : buffer.subarray(0, bytes);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault';
  }
}
