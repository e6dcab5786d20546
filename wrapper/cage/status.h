#pragma once

/*
 * What is said to the wrapper, on file descriptor 2 until the command has it: lines of wrapper/cage-status.ts.
 */

/* `@started`: all rights are dropped, the next thing to happen is the command. */
void tell_started(void);

/* `@fail STEP: what the system said` by errno, and the end. */
_Noreturn void fail(const char *step);
