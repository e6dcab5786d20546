#include "escape.h"

#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  gid_t other = getgid() == 0 ? 1 : 0;
  return of_call("setresgid", setresgid(other, other, other));
}

const struct escape escape_another_group = {
    .name = "another-group",
    .class = "rights",
    .reason = "a group's files, Docker's socket among them",
    .attempt = attempt,
};
