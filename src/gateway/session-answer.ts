import type { OpenAnswer } from '#control/messages.ts';
import { IDENTITY_URL } from './cage/inner-control.ts';
import type { LiveSessionParts } from './live-session.ts';

type AnswerParts = Pick<
  LiveSessionParts,
  'session' | 'addresses' | 'ca' | 'folder' | 'hide' | 'persist' | 'passEnv' | 'agents' | 'limits' | 'keeps' | 'rounds' | 'identity'
>;

/** What whoever opened the session, or runs a command of it, needs to know. */
export function sessionAnswer(parts: AnswerParts): Omit<OpenAnswer, 'token'> {
  const { session, addresses, ca, folder, hide, persist, passEnv, agents, limits, keeps, rounds } = parts;
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
    // A policy that lets nothing be started in a cage within the cage has agents hold the whole of theirs, as they do where they are not found.
    agents: limits.depth === 1 ? [] : agents.map(({ match, duty, workspace }) => ({ match: [...match], duty: duty.name, workspace })),
    identityUrl: parts.identity === null ? null : IDENTITY_URL,
    keeps: { recordings: keeps.recordings, responses: keeps.responses },
    checkpoint: rounds.enter(),
  };
}
