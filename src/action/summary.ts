import type { Verification } from '#core/verify/verification.ts';
import type { RefusedOperation, RefusedOperations } from './refused-operations.ts';
import { markdownCell, markdownText } from './untrusted-text.ts';

/** What becomes of a step's summary past this: nothing. */
export const SUMMARY_BYTES_MAX = 1024 * 1024;
const ROWS_BYTES_MAX = SUMMARY_BYTES_MAX / 4;
const STATEMENT_CHARACTERS_MAX = 300;
const REASON_CHARACTERS_MAX = 300;
const NAME_CHARACTERS_MAX = 200;
const PROBLEMS_SHOWN_MAX = 10;

export type UploadedArtifact = {
  readonly name: string;
  readonly id: number;
  readonly url: string /** SHA-256, hex; null: the service did not say. */;
  readonly digest: string | null;
};

export type SummaryFacts = {
  readonly verification: Verification;
  readonly refused: RefusedOperations;
  /** Null: it was not uploaded. */
  readonly bundle: UploadedArtifact | null;
  readonly report: UploadedArtifact | null;
  /** In words, what went wrong at the end; empty when nothing did. */
  readonly faults: readonly string[];
};

/** The job's summary, Markdown: verdict, counts, what was refused, where the evidence is (R36: its digests leave the runner with it). */
export function summaryPage(facts: SummaryFacts): string {
  const { verification, refused } = facts;
  const sections = [
    `## duty-gate: ${headline(verification, refused)}`,
    facts.faults.map((fault) => `> [!WARNING]\n> ${markdownText(fault, 1000)}`).join('\n\n'),
    aboutSession(verification),
    countsTable(verification),
    leftOut(verification),
    problems(verification),
    refusedTable(refused),
    evidence(facts),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline({ verdict }: Verification, { count }: RefusedOperations): string {
  const operations = count === 0 ? 'nothing refused' : count === 1 ? 'one operation refused' : `${count} operations refused`;
  switch (verdict) {
    case 'sealed':
      return `${operations}, evidence sealed`;
    case 'unsealed':
      return `${operations}, evidence **unsealed**: the session did not end well`;
    case 'broken':
      return 'evidence **broken**: it is not what was written';
  }
}

function aboutSession({ session, from, to }: Verification): string {
  if (session === null) return '';
  const { policySource } = session;
  const duties = session.chain.map(({ duty }) => markdownCell(duty, NAME_CHARACTERS_MAX)).join(' → ');
  const source =
    policySource === null
      ? ''
      : ` of ${markdownCell(`${policySource.repository}@${policySource.commit.slice(0, 12)}:${policySource.path}`, NAME_CHARACTERS_MAX)}`;
  return [
    `Duty ${duties} for ${markdownCell(session.chain[0]?.principal ?? '', NAME_CHARACTERS_MAX)}, session ${markdownCell(session.session, 64)}`,
    `from ${markdownText(from ?? 'never', 40)} to ${markdownText(to ?? 'never', 40)}.`,
    `Policy${source}, SHA-256 ${markdownCell(session.policySha256, 64)}.`,
  ].join('\n');
}

function countsTable({ counts }: Verification): string {
  const { allowed, refused, masked, commands, connections } = counts;
  return [
    '| allowed | refused | values masked | commands | connections |',
    '| ---: | ---: | ---: | ---: | ---: |',
    `| ${[allowed, refused, masked, commands, connections].join(' | ')} |`,
  ].join('\n');
}

/** What nobody will find in the evidence, and why. */
function leftOut({ session }: Verification): string {
  if (session === null) return '';
  const { recordings, responses, recipients } = session.keeps;
  const lines = [
    ...(recordings === 'none' ? ['Terminals were not recorded.'] : []),
    ...(responses === 'none' ? ['Nothing is kept of what targets answered.'] : []),
    ...(recordings === 'encrypted' || responses === 'encrypted'
      ? [`Recordings are encrypted to ${recipients.length} recipients: \`duty-gate verify\` and \`replay\` read them with \`--identity\`.`]
      : []),
  ];
  if (recordings === 'none' || responses === 'none')
    lines.push('Everybody can read the artifacts of a public repository: there, the policy has to name what is kept (`evidence`).');
  return lines.join(' ');
}

function problems({ problems: found }: Verification): string {
  const lines = found.slice(0, PROBLEMS_SHOWN_MAX).map(({ where, what }) => `- ${markdownText(`${where}: ${what}`, 500)}`);
  const rest = found.length - lines.length;
  return lines.length === 0 ? '' : ['### Problems', '', ...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}

function refusedTable({ first, count }: RefusedOperations): string {
  if (first.length === 0) return '';
  const rows = rowsThatFit(first.map(refusedRow));
  const rest = count - rows.length;
  return [
    '### Refused',
    '',
    '| time | target | operation | why |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(rest > 0 ? ['', `And ${rest} more: see the report.`] : []),
  ].join('\n');
}

/** Escaped, a character of hostile text takes up to 23 bytes; the rest of the page is small. */
function rowsThatFit(rows: readonly string[]): readonly string[] {
  let bytes = 0;
  const tooMany = rows.findIndex((row) => {
    bytes += Buffer.byteLength(row);
    return bytes > ROWS_BYTES_MAX;
  });
  return tooMany < 0 ? rows : rows.slice(0, tooMany);
}

function refusedRow({ at, target, statement, reasons }: RefusedOperation): string {
  const cells = [
    markdownText(at.slice(11, 19), 8),
    markdownCell(target, NAME_CHARACTERS_MAX),
    markdownCell(statement, STATEMENT_CHARACTERS_MAX),
    markdownText(reasons.join('; '), REASON_CHARACTERS_MAX),
  ];
  return `| ${cells.join(' | ')} |`;
}

function evidence({ bundle, report, verification }: SummaryFacts): string {
  const line = (label: string, { name, url, digest }: UploadedArtifact): string =>
    `- ${label}: [${markdownText(name, NAME_CHARACTERS_MAX)}](${linkTarget(url)})${digest === null ? '' : `, SHA-256 ${markdownCell(digest, 64)}`}`;
  return [
    '### Evidence',
    '',
    ...(report === null ? [] : [line('Report', report)]),
    ...(bundle === null ? ['- The bundle was not uploaded.'] : [line('Bundle, for `duty-gate verify`', bundle)]),
    `- ${verification.counts.entries} entries; the last has SHA-256 ${markdownCell(verification.last, 64)}`,
  ].join('\n');
}

/** Made of the runner's own words; whatever they hold, it stays one target of one link. */
function linkTarget(url: string): string {
  return encodeURI(url).replace(/[()<>]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
