#include "escape.h"

#include <sys/prctl.h>

/* SECCOMP_MODE_FILTER of linux/seccomp.h. */
enum { FILTERED = 2 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == FILTERED ? held("calls are filtered") : opened("calls are not filtered");
}

const struct escape escape_system_call_filter = {
    .name = "system-call-filter",
    .class = "rights",
    .reason = "every call that the kernel has",
    .attempt = attempt,
};
