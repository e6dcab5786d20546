import { verificationPage } from '#core/verify/page.ts';
import type { Counts, SessionFacts, Verification } from '#core/verify/verification.ts';
import { cutText } from './cut.ts';

export const CLAIMS_MAX = 50;
const CHAIN_MAX = 20;
const PROOF_CHARACTERS_MAX = 64 * 1024;

export type Mood = 'good' | 'fair' | 'bad';

/** Top of a report: what was found, and whose session it was. All texts are cut; what they are made of is hostile. */
export type ReportHead = {
  readonly mood: Mood;
  readonly title: string;
  readonly meaning: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly counts: Counts;
  /** Name and value, in the order of the page. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Who says so. */
  readonly factsAre: string;
  readonly claims: readonly (readonly [name: string, value: string])[];
  /** The duty of the session's last link; null without a session. */
  readonly duty: string | null;
  readonly unconfined: boolean;
  /** Hash of the last line that is intact, as `verify` prints it. */
  readonly last: string;
  /** What `verify` says, whole: what is proved, and what is only claimed. */
  readonly proof: string;
};

export function reportHead(verification: Verification): ReportHead {
  const { session, counts, last, problems, notes } = verification;
  return {
    ...words(verification),
    problems: problems.map(({ where, what }) => cutText(`${where}: ${what}`)),
    notes: notes.map((note) => cutText(note)),
    ...{ counts, last },
    facts: session === null ? [] : factsOf(verification, session),
    factsAre: whoseWord(verification),
    claims: Object.entries(session?.claims ?? {})
      .slice(0, CLAIMS_MAX)
      .map(([name, value]) => [cutText(name), cutText(value)]),
    duty: session === null ? null : cutText(session.chain.at(-1)?.duty ?? ''),
    unconfined: session?.confinement === 'unconfined',
    proof: cutText(verificationPage(verification), PROOF_CHARACTERS_MAX),
  };
}

type Words = { readonly mood: Mood; readonly title: string; readonly meaning: string };

function words({ verdict, anchoring, counts, session }: Verification): Words {
  switch (verdict) {
    case 'broken':
      return {
        mood: 'bad',
        title: 'Broken: do not rely on this evidence',
        meaning: `It is not as it was written. Shown below is only what still forms one chain from its beginning, ${entries(counts.entries)}; even for that nobody vouches.`,
      };
    case 'unsealed':
      return {
        mood: 'fair',
        title: 'Not sealed: the end is missing',
        meaning: `The session did not end well, or its end was taken away. What is here, ${entries(counts.entries)}, is consistent and is signed by nobody: whoever could write these files could have written others.`,
      };
    case 'sealed':
      return sealedWords(anchoring, session?.issuer ?? '');
  }
}

function sealedWords(anchoring: Verification['anchoring'], issuer: string): Words {
  switch (anchoring) {
    case 'anchored':
      return {
        mood: 'good',
        title: 'Sealed, complete and vouched for',
        meaning: `Nothing was changed, dropped or added since it was signed, and ${cutText(issuer)} vouches that this job named the key that signed it.`,
      };
    case 'local':
      return {
        mood: 'fair',
        title: 'Sealed and complete; only its own machine vouches for it',
        meaning:
          'Nothing was changed, dropped or added since it was signed. Nobody outside the machine where it was made (issuer local) vouches for the key that signed it.',
      };
    case 'unanchored':
      return {
        mood: 'fair',
        title: 'Sealed and complete; nobody known vouches for it',
        meaning:
          "Nothing was changed, dropped or added since it was signed. Whether its issuer vouches for the key that signed it cannot be told without the issuer's key from outside the evidence: duty-gate verify --keys.",
      };
  }
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function whoseWord({ anchoring, session }: Verification): string {
  if (session === null) return 'There is no intact session entry: nothing tells whose evidence this is.';
  switch (anchoring) {
    case 'anchored':
      return 'Actor, repository, run, workflow and environment are as the issuer signed them for the job; the rest is as the gateway wrote it.';
    case 'local':
      return 'As the machine itself says.';
    case 'unanchored':
      return 'As the evidence itself says: anybody can make evidence that says the same.';
  }
}

function factsOf({ from, to }: Verification, session: SessionFacts): readonly (readonly [string, string])[] {
  const { chain, claims, issuer, policySource: source, policySha256 } = session;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [
      'Duty',
      chain
        .slice(0, CHAIN_MAX)
        .map(({ duty }) => duty)
        .join(' → '),
    ],
    ['Who', chain.slice(0, CHAIN_MAX).map(linkWords).join(' → ')],
    ['Actor', claims['actor']],
    ['Repository', claims['repository']],
    ['Run', runWords(claims)],
    ['Workflow', claims['workflow_ref']],
    ['Environment', claims['environment']],
    ['Issuer', issuer],
    ['When', from === null ? null : `${period(from, to ?? from)} UTC, by the gateway's clock`],
    [
      'Policy',
      source === null ? 'a file of the machine' : `${source.path} of ${source.repository}, ${source.ref} at commit ${source.commit}`,
    ],
    ['Policy hash', `SHA-256 ${policySha256}`],
    ['Session', session.session],
    ['Gateway', session.gateway],
    ['Confinement', `${session.confinement}, as the wrapper claims`],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, cutText(value)] as const] : []));
}

function linkWords({ principal, executable }: SessionFacts['chain'][number]): string {
  return executable === '' ? principal : `${principal} by ${executable}`;
}

function runWords(claims: SessionFacts['claims']): string | null {
  const { run_id: id, run_attempt: attempt, event_name: event, ref } = claims;
  if (id === undefined) return null;
  const trigger = event === undefined ? '' : `, ${event}${ref === undefined ? '' : ` on ${ref}`}`;
  return `${id}${attempt === undefined ? '' : `, attempt ${attempt}`}${trigger}`;
}

/** `2026-01-02 03:04:05 to 03:05:06`, with the second day where it is another. */
function period(from: string, to: string): string {
  const [day, lastDay] = [from.slice(0, 10), to.slice(0, 10)];
  return `${day} ${from.slice(11, 19)} to ${lastDay === day ? '' : `${lastDay} `}${to.slice(11, 19)}`;
}
