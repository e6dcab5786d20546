#pragma once

/* Where status lines go out and orders come in. */
enum { STATUS_FD = 2 };

/*
 * What is said to the wrapper, on file descriptor 2 until the command has it: lines of wrapper/cage-status.ts.
 */

/* `@started`: all rights are dropped, the next thing to happen is the command. */
void tell_started(void);

/* `@exit CODE` of the command. */
void tell_exit(int code);

/* Of a status as wait(2) has it: the code of whoever ended so, as a shell tells it. */
int exit_code_of(int status);

/* `@fail STEP: what the system said` by errno, and the end. */
_Noreturn void fail(const char *step);
