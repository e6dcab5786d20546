#include "escape.h"

#include <sys/resource.h>

static enum verdict attempt(const char *bait) {
  struct rlimit limit;
  return of_process_call(bait, "prlimit", prlimit(process_pid(bait), RLIMIT_CORE, NULL, &limit));
}

const struct escape escape_limits_outside = {
    .name = "limits-outside",
    .class = "processes outside",
    .reason = "limits of a process outside, which can stop it",
    .bait = "outside-process",
    .attempt = attempt,
};
