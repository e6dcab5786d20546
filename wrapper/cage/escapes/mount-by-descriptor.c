#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture. */
enum { SYS_FSOPEN = 430 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("fsopen", syscall(SYS_FSOPEN, "tmpfs", 0));
}

const struct escape escape_mount_by_descriptor = {
    .name = "mount-by-descriptor",
    .class = "mounts",
    .reason = "mounts by the newer calls, past a filter that knows mount only",
    .may_be_missing = true,
    .attempt = attempt,
};
