#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Of linux/userfaultfd.h. */
enum { USER_MODE_ONLY = 1 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("userfaultfd", syscall(SYS_userfaultfd, USER_MODE_ONLY));
}

const struct escape escape_userfaultfd = {
    .name = "userfaultfd",
    .class = "kernel calls",
    .reason = "page faults held up, a help against the kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
