#include "escape.h"

#include <errno.h>
#include <sched.h>

/* Of i386's unistd.h. */
enum { UNSHARE_32 = 310 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  #if defined(__x86_64__)
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(UNSHARE_32), "b"(CLONE_NEWUSER) : "memory", "r8", "r9", "r10", "r11");
  if (result < 0) errno = (int)-result;
  return of_call("unshare", result < 0 ? -1 : 0);
  #else
  return held_by("int80", ENOSYS);
  #endif
}

const struct escape escape_user_namespace_int80 = {
    .name = "user-namespace-int80",
    .class = "nested user namespaces",
    .reason = "the same by the 32-bit calls, past a filter that knows 64-bit numbers only",
    .may_be_missing = true,
    .attempt = attempt,
};
