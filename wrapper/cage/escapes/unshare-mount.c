#include "escape.h"

#include <sched.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("unshare", unshare(CLONE_NEWNS));
}

const struct escape escape_unshare_mount = {
    .name = "unshare-mount",
    .class = "mounts",
    .reason = "a mount namespace of one's own, in which what is hidden may be uncovered",
    .attempt = attempt,
};
