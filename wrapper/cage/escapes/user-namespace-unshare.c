#include "escape.h"

#include <sched.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("unshare", unshare(CLONE_NEWUSER));
}

const struct escape escape_user_namespace_unshare = {
    .name = "user-namespace-unshare",
    .class = "nested user namespaces",
    .reason = "all capabilities, over namespaces of one's own and over much of the kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
