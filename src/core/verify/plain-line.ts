import { isTime, TIMESTAMP_FORM } from '#core/audit/timestamp.ts';
import type { RuleEntry } from './entry-rules.ts';

/** A line of which nothing is left to check but its place. */
export type PlainLine = { readonly at: string; readonly n: number; readonly prev: string; readonly entry: RuleEntry };

/** `pairs` texts that are remembered: one for each kind of statement. */
const PAIRS_REMEMBERED_MAX = 10_000;
const PAIRS_CHARACTERS_MAX = 4096;

/**
 * Reads the lines of which a large bundle has millions, decisions and outcomes without anything unusual in them, by their
 * one canonical form: whoever matches it is canonical JSON, has every member with its type, and no other. A third of the
 * time that parsing and writing anew takes; what does not match is nobody's fault, and is read in the ordinary way.
 */
export class PlainLines {
  readonly #pairs = new Set<string>();

  /** Null: to be read in the ordinary way. */
  read(text: string): PlainLine | null {
    return text.startsWith('"bytes"', ENTRY_AT) ? readOutcome(text) : this.#readDecision(text);
  }

  /** The `pairs` of a line that was read in the ordinary way, and was found good: they may come again. */
  learn(text: string): void {
    const pairs = pairsOf(text);
    if (pairs !== null && this.#pairs.size < PAIRS_REMEMBERED_MAX) this.#pairs.add(pairs.text);
  }

  #readDecision(text: string): PlainLine | null {
    const pairs = pairsOf(text);
    if (pairs === null || !this.#pairs.has(pairs.text)) return null;
    const head = DECISION_HEAD.exec(text.slice(0, pairs.start));
    const tail = DECISION_TAIL.exec(text.slice(pairs.end));
    const [, at = '', decision = '', duty = '', link = '', outcome = ''] = head ?? [];
    const [, n = '', prev = ''] = tail ?? [];
    if (head === null || tail === null || !isTime(at)) return null;
    return { at, n: Number(n), prev, entry: { kind: 'decision', decision, duty, link, outcome: outcome === 'allow' ? 'allow' : 'deny' } };
  }
}

/** Where the entry's first member stands: the time has a fixed width. */
const ENTRY_AT = '{"at":"2026-01-02T03:04:05.678Z","entry":{'.length;

/** Characters that stand for themselves in a JSON string; beyond the basic plane, and escaped, is not plain. */
const PLAIN = '[^"\\\\\\u0000-\\u001f\\ud800-\\udfff]*';
const STRINGS = `\\[(?:"${PLAIN}"(?:,"${PLAIN}")*)?\\]`;
const NULLABLE_STRINGS = `\\[(?:(?:"${PLAIN}"|null)(?:,(?:"${PLAIN}"|null))*)?\\]`;
/** Up to fifteen digits: exact, and never above 2^53. */
const COUNT = '(?:0|[1-9]\\d{0,14})';
const PLACE = `"n":(${COUNT}),"prev":"([0-9a-f]{64})","v":1\\}`;

const OUTCOME = new RegExp(
  `^\\{"at":"(${TIMESTAMP_FORM})","entry":\\{"bytes":${COUNT},"code":(?:null|"${PLAIN}"),"decision":"([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128})",` +
    `"durationMicros":${COUNT},"kind":"outcome","masked":(${COUNT}),"responseSha256":(?:null|"[0-9a-f]{64}"),` +
    `"rows":${COUNT},"status":"(?:ok|error|suspended|skipped|cut)"\\},${PLACE}$`,
);
const DECISION_HEAD = new RegExp(
  `^\\{"at":"(${TIMESTAMP_FORM})","entry":\\{"connection":"${PLAIN}","decision":"([\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128})","duty":"(${PLAIN})",` +
    `"kind":"decision","link":"([A-Za-z0-9_-]{1,64})","outcome":"(allow|deny|unjudgeable|over-limit)","pairs":$`,
);
const DECISION_TAIL = new RegExp(
  `^,"parameters":${NULLABLE_STRINGS},"reasons":${STRINGS},"rules":${STRINGS},"statement":"${PLAIN}","target":"${PLAIN}"\\},${PLACE}$`,
);

function readOutcome(text: string): PlainLine | null {
  const match = OUTCOME.exec(text);
  if (match === null) return null;
  const [, at = '', decision = '', masked = '', n = '', prev = ''] = match;
  return isTime(at) ? { at, n: Number(n), prev, entry: { kind: 'outcome', decision, masked: Number(masked) } } : null;
}

const PAIRS = '"pairs":';
const AFTER_PAIRS = ',"parameters":';

/**
 * The text of `pairs`, as far as anybody can tell without parsing: a quotation mark that no backslash stands before never
 * stands within a string, so these ends are members' names. Text that is cut elsewhere is no array, and was never learnt.
 */
function pairsOf(text: string): { readonly text: string; readonly start: number; readonly end: number } | null {
  const start = text.indexOf(PAIRS) + PAIRS.length;
  const end = text.indexOf(AFTER_PAIRS, start);
  if (start < PAIRS.length || end < 0 || end - start > PAIRS_CHARACTERS_MAX) return null;
  return { text: text.slice(start, end), start, end };
}
