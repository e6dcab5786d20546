import { isCanonicalJson } from '#core/audit/canonical-json.ts';
import { type KnownEntry, LineEnvelope, readEntry } from '#core/audit/entry-schema.ts';
import { rightText } from '#core/policy/effective-duty.ts';
import { printable } from '#core/recording/safe-terminal.ts';
import { decodeUtf8 } from './manifest.ts';

/** Characters of a statement that a list shows. */
export const STATEMENT_CHARS_MAX = 200;

/** One line of `audit.jsonl` as one line for people, or null for kinds that are no operation. Unreadable lines give null too: verify names them. */
export function describeOperation(bytes: Uint8Array): string | null {
  const line = parseLine(bytes);
  if (line === null) return null;
  const read = readEntry(line.entry);
  if (!('known' in read) || !read.known) return null;
  const words = describeEntry(read.entry);
  return words === null ? null : printable(`${line.at}  ${words}`);
}

function parseLine(bytes: Uint8Array): LineEnvelope | null {
  const text = decodeUtf8(bytes);
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    const parsed = LineEnvelope.safeParse(value);
    return parsed.success && text !== null && isCanonicalJson(text, value) ? parsed.data : null;
  } catch {
    return null;
  }
}

function describeEntry(entry: KnownEntry): string | null {
  switch (entry.kind) {
    case 'decision': {
      const why = entry.reasons.length === 0 ? '' : ` (${entry.reasons.join('; ')})`;
      return `${entry.outcome.padEnd(11)} ${entry.target} as ${entry.duty}: ${shorten(entry.statement)}${why}  [${entry.decision}]`;
    }
    case 'outcome': {
      const code = entry.code === null ? '' : ` ${entry.code}`;
      return `  ${(entry.status + code).padEnd(9)} ${entry.rows} rows, ${entry.bytes} bytes, ${entry.masked} masked, ${entry.durationMicros} µs  [${entry.decision}]`;
    }
    case 'hold':
      return `waiting     for approval in ${entry.environment}, until ${entry.expires}  [${entry.decision}]`;
    case 'approval':
      return `${entry.verdict.padEnd(11)} ${entry.approver === null ? '' : `by ${entry.approver.login} (${entry.approver.id})`}${entry.why === null ? '' : ` ${entry.why}`}  [${entry.hold}]`;
    case 'release':
      return `released    ${entry.outcome}${entry.reasons.length === 0 ? '' : ` (${entry.reasons.join('; ')})`}  [${entry.decision}]`;
    case 'connection':
      return `connection  ${entry.event} to ${entry.target}${entry.why === null ? '' : `: ${entry.why}`}  [${entry.connection}]`;
    case 'command':
      return entry.event === 'started'
        ? `command     ${shorten(entry.argv.join(' '))}`
        : `command     ended with ${entry.signal ?? entry.exitCode ?? 'nothing known'}`;
    case 'cage':
      return entry.event === 'ended'
        ? null
        : `cage        ${entry.cage} ${entry.event} by command ${entry.command ?? 'nobody knows which'}`;
    case 'delegation':
      return `delegated   command ${entry.parent} has command ${entry.link} started as ${entry.duty}; what holds there: ${rightText(entry.duties)}`;
    case 'agent':
      return `agent       ${entry.executable ?? entry.why ?? 'nobody knows who'} in the cage of command ${entry.link}; what holds there from now on: ${rightText(entry.duties)}`;
    case 'mint':
      return `token       for ${entry.audience}: ${entry.outcome} to command ${entry.link}`;
    case 'egress':
      return `egress      ${describeEgress(entry)}`;
    case 'incident':
      return `incident    ${entry.incident} by key ${entry.clientKey}`;
    case 'session':
    case 'confinement':
    case 'recording':
    case 'checkpoint':
    case 'seal':
      return null;
  }
}

function describeEgress({
  event,
  host,
  port,
  seen,
  address,
  why,
  times,
  sent,
  received,
  attempt,
}: Extract<KnownEntry, { kind: 'egress' }>): string {
  const to = `${event === 'asked' ? 'asked for' : `${event} to`} ${host === '' ? 'several' : host}${port === null ? '' : `:${port}`}`;
  const asked = seen === null || seen === host ? '' : ` for ${seen}`;
  const where = event === 'opened' && address !== null ? ` at ${address}` : '';
  const bytes = event === 'closed' ? ` after ${sent} bytes out, ${received} in` : '';
  const reason = why === null ? '' : `: ${why}`;
  const count = times === 1 ? '' : ` (${times} times)`;
  return `${to}${asked}${where}${bytes}${reason}${count}${attempt === '' ? '' : `  [${attempt}]`}`;
}

function shorten(text: string): string {
  return text.length <= STATEMENT_CHARS_MAX ? text : `${text.slice(0, STATEMENT_CHARS_MAX)}… (${text.length} characters)`;
}
