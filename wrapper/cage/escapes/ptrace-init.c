#include "escape.h"

#include <fcntl.h>

/* What lets one open this lets one trace; seizing init is nothing to try where it is the machine's. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("open", open("/proc/1/mem", O_RDONLY | O_CLOEXEC));
}

const struct escape escape_ptrace_init = {
    .name = "ptrace-init",
    .class = "processes outside",
    .reason = "the cage's first process, which has rights: it does what the tracer wants",
    .attempt = attempt,
};
