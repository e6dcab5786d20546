import type { OpenAnswer } from '#control/messages.ts';
import { IDENTITY_URL } from './cage/inner-control.ts';
import type { LiveSessionParts } from './live-session.ts';

type AnswerParts = Pick<
  LiveSessionParts,
  'session' | 'addresses' | 'ca' | 'folder' | 'hide' | 'persist' | 'passEnv' | 'agents' | 'keeps' | 'rounds' | 'identity'
>;

/** What whoever opened the session, or runs a command of it, needs to know. */
export function sessionAnswer(parts: AnswerParts): Omit<OpenAnswer, 'token'> {
  const { session, addresses, ca, folder, hide, persist, passEnv, agents, keeps, rounds } = parts;
  return {
    session: session.id,
    duty: session.duty.name,
    targets: addresses.targets.map(({ target, names, listen }) => ({ target, names: [...names], listen: [...listen] })),
    resolvers: [...addresses.resolvers],
    ca,
    evidence: folder.path,
    hide: [...hide],
    persist: [...persist],
    passEnv: [...passEnv],
    agents: agents.map(({ match, duty, workspace }) => ({ match: [...match], duty: duty.name, workspace })),
    identityUrl: parts.identity === null ? null : IDENTITY_URL,
    keeps: { recordings: keeps.recordings, responses: keeps.responses },
    checkpoint: rounds.enter(),
  };
}
