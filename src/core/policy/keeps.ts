import type { Keeps } from '#core/audit/entry.ts';
import type { EvidencePolicy } from './policy.ts';

/** Artifacts of a public repository are everybody's to read; whoever cannot say what it is, is taken for that. */
export type Visibility = 'private' | 'public';

/**
 * What of a session is kept. Where a policy does not say, recordings are full and responses digests; where everybody could read
 * them, neither, unless it is encrypted.
 */
export function keepsOf({ recordings, responses, encryptTo, token }: EvidencePolicy, visibility: Visibility): Keeps {
  const whole = encryptTo.length > 0 ? 'encrypted' : 'full';
  const open = visibility === 'private' || encryptTo.length > 0;
  const kept = responses ?? (open ? 'digest' : 'none');
  return {
    recordings: (recordings ?? (open ? 'full' : 'none')) === 'full' ? whole : 'none',
    responses: kept === 'full' ? whole : kept,
    token,
    recipients: [...encryptTo],
  };
}
