import { strictest } from '#core/policy/masks.ts';
import type { DetectorName, MaskMethod } from '#core/policy/policy.ts';
import { findCards } from './detect-card.ts';
import { findIbans } from './detect-iban.ts';
import { findPasswords, findPrivateKeys } from './detect-secrets.ts';
import { findEmails, findJwts } from './detect-tokens.ts';
import { maskText, REDACTED } from './mask-value.ts';

/**
 * Finds sensitive values in free text: statements, Bind values, results.
 *
 * Whoever writes the data writes these texts, so each detector is a scan whose work is bounded by a constant times the
 * length: no pattern that can backtrack over more than a named maximum, and no start from which a whole run is read
 * again. Indices are UTF-16 units, `end` exclusive.
 */
export type Finding = { readonly start: number; readonly end: number; readonly detector: DetectorName };

/** A span found by one detector. */
export type Span = readonly [start: number, end: number];

const FINDERS: Readonly<Record<DetectorName, (text: string) => readonly Span[]>> = {
  'credit-card': findCards,
  email: findEmails,
  iban: findIbans,
  jwt: findJwts,
  password: findPasswords,
  'private-key': findPrivateKeys,
};

/** All findings, by start; findings of different detectors may overlap. */
export function findSensitive(text: string, detectors: readonly DetectorName[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const detector of new Set(detectors)) {
    for (const [start, end] of FINDERS[detector](text)) findings.push({ start, end, detector });
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);
}

export type DetectorMethod = { readonly detector: DetectorName; readonly method: MaskMethod };
export type MaskedText = { readonly text: string; readonly count: number };

/** Replaces what the detectors find; findings that overlap are masked as one, by the strictest method. `count`: places masked. */
export function maskDetected(text: string, masks: readonly DetectorMethod[], key: Buffer): MaskedText {
  const places = placesOf(text, masks);
  if (places.length === 0) return { text, count: 0 };
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, methods } of places) {
    // Within a longer text there is no NULL: `null` shows as little as `redact`.
    pieces.push(text.slice(at, start), maskText(strictest(methods) ?? 'redact', text.slice(start, end), key) ?? REDACTED);
    at = end;
  }
  return { text: pieces.join('') + text.slice(at), count: places.length };
}

type Place = { readonly start: number; end: number; readonly methods: MaskMethod[] };

/** On the way of every row: nothing is made where nothing is found. */
function placesOf(text: string, masks: readonly DetectorMethod[]): readonly Place[] {
  const found: Place[] = [];
  for (const { detector, method } of masks) {
    for (const [start, end] of FINDERS[detector](text)) found.push({ start, end, methods: [method] });
  }
  return found.length < 2 ? found : joinOverlaps(found.sort((a, b) => a.start - b.start || a.end - b.end));
}

function joinOverlaps(sorted: readonly Place[]): readonly Place[] {
  const places: Place[] = [];
  for (const place of sorted) {
    const last = places.at(-1);
    if (last === undefined || place.start >= last.end) {
      places.push(place);
    } else {
      last.end = Math.max(last.end, place.end);
      last.methods.push(...place.methods);
    }
  }
  return places;
}
