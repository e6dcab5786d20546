#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  return of_process_call(bait, "pidfd_open", syscall(SYS_pidfd_open, process_pid(bait), 0));
}

const struct escape escape_pidfd_outside = {
    .name = "pidfd-outside",
    .class = "processes outside",
    .reason = "a handle on a process outside: signals, and its descriptors",
    .bait = "outside-process",
    .attempt = attempt,
};
