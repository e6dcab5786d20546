#include "escape.h"

#include <errno.h>
#include <sys/resource.h>

static enum verdict attempt(const char *bait) {
  errno = 0;
  int priority = getpriority(PRIO_PROCESS, (id_t)process_pid(bait));
  if (errno != 0) return held_by("getpriority", errno);
  return of_process_call(bait, "setpriority", setpriority(PRIO_PROCESS, (id_t)process_pid(bait), priority));
}

const struct escape escape_priority_outside = {
    .name = "priority-outside",
    .class = "processes outside",
    .reason = "processing time of a process outside, starved or raised",
    .bait = "outside-process",
    .attempt = attempt,
};
