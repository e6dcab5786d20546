#include "escape.h"

#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  uid_t other = getuid() == 0 ? 1 : 0;
  return of_call("setresuid", setresuid(other, other, other));
}

const struct escape escape_another_user = {
    .name = "another-user",
    .class = "rights",
    .reason = "another user's files and processes",
    .attempt = attempt,
};
