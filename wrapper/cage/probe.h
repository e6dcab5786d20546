#pragma once

/*
 * Tries every escape (escapes/list.c), each in a process of its own and all at once, and says on descriptor 2 of each
 * `@escape NAME VERDICT DETAIL`.
 *
 * The file open at `bait_fd` says what there is to reach (wrapper/escape-baits.ts): records `NAME=VALUE`, each with a NUL
 * at its end. NAME is an attempt's bait, or
 * - `cookie`: what a bait outside says;
 * - `outside`: this is the host and no cage, so whoever is not forbidden and does not succeed has found nothing to reach;
 * - `only`, with the value `kernel`: of all attempts those that this kernel or machine may lack.
 */
int probe(int bait_fd);

/* Says each attempt's name, class and reason on descriptor 1, with tabs between. */
int list_escapes(void);
