import { type KeyObject, sign } from 'node:crypto';
import type { ChainState } from '#core/audit/chain.ts';
import { type ChainHead, checkpointSigningInput, checkpointText } from '#core/audit/checkpoint.ts';
import type { CheckpointEntry } from '#core/audit/entry.ts';
import type { AuditFile } from './audit-file.ts';
import { publicJwk } from './seal.ts';

/** Signs how far a session's chain has come. Each answers the text for a log, or null: nothing can be kept any more. */
export type Checkpoints = {
  /** Enters it as the chain's next line, and syncs. */
  enter(): string | null;
  /** The same for a chain that has ended: after its seal. */
  ofEnd(head: ChainState): string;
};

export function createCheckpoints(audit: AuditFile, session: string, evidenceKey: KeyObject): Checkpoints {
  const key = publicJwk(evidenceKey);
  const signature = (head: ChainHead): string => sign(null, checkpointSigningInput(head), evidenceKey).toString('base64url');
  const entryOf = ({ entries, last }: ChainState): CheckpointEntry => ({
    kind: 'checkpoint',
    key,
    sig: signature({ session, entries, last }),
  });
  return {
    enter() {
      const made = audit.checkpoint(entryOf);
      return made === null ? null : checkpointText({ session, ...made.head, key, sig: made.entry.sig });
    },
    ofEnd: (head) => checkpointText({ session, ...head, key, sig: signature({ session, ...head }) }),
  };
}
