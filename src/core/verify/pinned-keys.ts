// reviewed data table
import type { RsaKey } from '#core/identity/rsa-key.ts';

/** A key of an issuer, known from outside every bundle. `firstSeen`, `lastSeen`: days on which it stood in the issuer's published set. */
export type PinnedKey = RsaKey & { readonly issuer: string; readonly firstSeen: string; readonly lastSeen: string };

/**
 * The keys that `verify` trusts without being given any (R1). Each release compares this list with
 * `https://token.actions.githubusercontent.com/.well-known/jwks`, adds what is new there and never takes a key away: old bundles need
 * it. An entry is made only of what several copies of the issuer's set agree on that do not come from one another.
 */
export const PINNED_KEYS: readonly PinnedKey[] = [
  {
    issuer: 'https://token.actions.githubusercontent.com',
    kid: '38826b17-6a30-5f9b-b169-8beb8202f723',
    n: '5Manmy-zwsk3wEftXNdKFZec4rSWENW4jTGevlvAcU9z3bgLBogQVvqYLtu9baVm2B3rfe5onadobq8po5UakJ0YsTiiEfXWdST7YI2Sdkvv-hOYMcZKYZ4dFvuSO1vQ2DgEkw_OZNiYI1S518MWEcNxnPU5u67zkawAGsLlmXNbOylgVfBRJrG8gj6scr-sBs4LaCa3kg5IuaCHe1pB-nSYHovGV_z0egE83C098FfwO1dNZBWeo4Obhb5Z-ZYFLJcZfngMY0zJnCVNmpHQWOgxfGikh3cwi4MYrFrbB4NTlxbrQ3bL-rGKR5X318veyDlo8Dyz2KWMobT4wB9U1Q',
    e: 'AQAB',
    firstSeen: '2025-03-29',
    lastSeen: '2026-08-17',
  },
  {
    issuer: 'https://token.actions.githubusercontent.com',
    kid: 'cc413527-173f-5a05-976e-9c52b1d7b431',
    n: 'w4M936N3ZxNaEblcUoBm-xu0-V9JxNx5S7TmF0M3SBK-2bmDyAeDdeIOTcIVZHG-ZX9N9W0u1yWafgWewHrsz66BkxXq3bscvQUTAw7W3s6TEeYY7o9shPkFfOiU3x_KYgOo06SpiFdymwJflRs9cnbaU88i5fZJmUepUHVllP2tpPWTi-7UA3AdP3cdcCs5bnFfTRKzH2W0xqKsY_jIG95aQJRBDpbiesefjuyxcQnOv88j9tCKWzHpJzRKYjAUM6OPgN4HYnaSWrPJj1v41eEkFM1kORuj-GSH2qMVD02VklcqaerhQHIqM-RjeHsN7G05YtwYzomE5G-fZuwgvQ',
    e: 'AQAB',
    firstSeen: '2026-08-17',
    lastSeen: '2026-08-17',
  },
];
