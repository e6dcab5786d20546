#include "escape.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  int fd = (int)syscall(SYS_pidfd_open, process_pid(bait), 0);
  if (fd < 0) return held_by("pidfd_open", errno);
  return of_process_call(bait, "setns", setns(fd, CLONE_NEWNET));
}

const struct escape escape_setns_pidfd_outside = {
    .name = "setns-pidfd-outside",
    .class = "nsenter and setns",
    .reason = "entering the network of a process outside by its pidfd",
    .bait = "outside-process",
    .attempt = attempt,
};
