#include "escape.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of x86's unistd.h: numbers with it set are of the x32 table. */
enum { X32_BIT = 0x40000000 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  #if defined(__x86_64__)
  return of_call("unshare", syscall(SYS_unshare | X32_BIT, CLONE_NEWUSER));
  #else
  return held_by("x32", ENOSYS);
  #endif
}

const struct escape escape_user_namespace_x32 = {
    .name = "user-namespace-x32",
    .class = "nested user namespaces",
    .reason = "the same by the x32 calls, past a filter that knows plain numbers only",
    .may_be_missing = true,
    .attempt = attempt,
};
