import type { Unreadable } from './facts.ts';

/** What the server said of the session's encoding and strings (ParameterStatus). */
export type TextSettings = { readonly clientEncoding: string; readonly standardConformingStrings: 'on' | 'off' | 'unknown' };

/**
 * A statement's bytes → its text, if they mean to the server what they mean to the grammar. The client controls every byte.
 */
export function readStatement(bytes: Buffer, statementBytesMax: number, settings: TextSettings): string | Unreadable {
  if (bytes.length > statementBytesMax) {
    return unreadable(
      `the statement has ${bytes.length} bytes, the limit is ${statementBytesMax}`,
      'Send less at once: many rows go by COPY or in several statements.',
    );
  }
  if (bytes.includes(0)) return unreadable('the statement has a NUL byte', 'Take the NUL byte out.');
  const ascii = isAscii(bytes);
  // R27: under another encoding a byte of a multi-byte character can be a quote or a backslash to the server.
  if (!ascii && !isUtf8Name(settings.clientEncoding)) {
    return unreadable(
      'the statement has characters beyond ASCII, and the client encoding is not UTF8',
      'SET client_encoding TO UTF8 first.',
    );
  }
  // R28: the grammar reads '…\' as a whole string; with standard_conforming_strings off the server does not.
  if (settings.standardConformingStrings !== 'on' && bytes.includes(BACKSLASH)) {
    return unreadable(
      'the statement has a backslash, and standard_conforming_strings is not known to be on',
      'SET standard_conforming_strings TO on first.',
    );
  }
  if (ascii) return bytes.toString('latin1');
  try {
    return UTF8.decode(bytes);
  } catch {
    return unreadable('the statement is not UTF-8', 'Send valid UTF-8.');
  }
}

/** Whether every byte is below 0x80: the same in every encoding that PostgreSQL has. */
export function isAscii(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

const BACKSLASH = 0x5c;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isUtf8Name(encoding: string): boolean {
  return encoding.toUpperCase().replaceAll(/[^A-Z0-9]/g, '') === 'UTF8';
}

export function unreadable(why: string, remedy: string): Unreadable {
  return { kind: 'unreadable', why, remedy };
}
