#include "escape.h"

#include <sys/ptrace.h>

/* Seized and not stopped; it is let go as this process ends. */
static enum verdict attempt(const char *bait) {
  return of_process_call(bait, "ptrace", ptrace(PTRACE_SEIZE, process_pid(bait), 0, 0));
}

const struct escape escape_ptrace_outside = {
    .name = "ptrace-outside",
    .class = "processes outside",
    .reason = "memory and code of a process outside: it does what the tracer wants",
    .bait = "outside-process",
    .attempt = attempt,
};
