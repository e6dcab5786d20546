import type { Span } from './detect.ts';

/** E-mail addresses (RFC 5321, 4.5.3.1: local part 64, domain 255), letters of every script included. */
export function findEmails(text: string): readonly Span[] {
  const spans: Span[] = [];
  let floor = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = backWhile(text, at, Math.max(floor, at - LOCAL_CHARACTERS_MAX), LOCAL);
    const end = domainEnd(text, at + 1);
    if (start === at || end < 0) continue;
    spans.push([start, end]);
    floor = end;
  }
  return spans;
}

const LOCAL_CHARACTERS_MAX = 64;
const DOMAIN_CHARACTERS_MAX = 255;
const LOCAL = /[A-Za-z0-9.!#$%&*+/=?^_`{|}~\u00A1-\uFFFF-]/;
const DOMAIN = /[A-Za-z0-9.\u00A1-\uFFFF-]/;

/** The domain needs a dot, and ends in a letter or digit. */
function domainEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start < DOMAIN_CHARACTERS_MAX && DOMAIN.test(text.charAt(end))) end += 1;
  while (end > start && /[.-]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start + 1, end).includes('.') ? end : -1;
}

function backWhile(text: string, from: number, floor: number, allowed: RegExp): number {
  let at = from;
  while (at > floor && allowed.test(text.charAt(at - 1))) at -= 1;
  return at;
}

/**
 * JSON Web Tokens (RFC 7515, 7.1; with five parts RFC 7516, 7.1): base64url parts joined by dots, the first of which
 * encodes `{"`, so begins `eyJ`. Each run of base64url is read at most twice: as a header, and as what follows one.
 */
export function findJwts(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('eyJ'); at >= 0; ) {
    const headerEnd = runEnd(text, at);
    const end = headerEnd - at >= HEADER_CHARACTERS_MIN ? tokenEnd(text, headerEnd) : -1;
    if (end > 0) spans.push([at, end]);
    at = text.indexOf('eyJ', end > 0 ? end : headerEnd);
  }
  return spans;
}

const HEADER_CHARACTERS_MIN = 12;
const PARTS_AFTER_HEADER_MAX = 4;
const BASE64URL_RUN = /[A-Za-z0-9_-]*/y;

function tokenEnd(text: string, headerEnd: number): number {
  let end = headerEnd;
  for (let parts = 0; parts < PARTS_AFTER_HEADER_MAX && text.charAt(end) === '.'; parts += 1) {
    const next = runEnd(text, end + 1);
    if (parts === 0 && next === end + 1) return -1;
    end = next;
  }
  return end === headerEnd ? -1 : end;
}

function runEnd(text: string, start: number): number {
  BASE64URL_RUN.lastIndex = start;
  BASE64URL_RUN.test(text);
  return Math.max(start, BASE64URL_RUN.lastIndex);
}
