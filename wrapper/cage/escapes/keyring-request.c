#include "escape.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  long result = syscall(SYS_request_key, "user", "duty-gate:no-such-key", NULL, 0);
  /* Without a text for it no program is started. */
  if (result < 0 && errno == ENOKEY) result = 0;
  return of_call("request_key", result);
}

const struct escape escape_keyring_request = {
    .name = "keyring-request",
    .class = "keyrings",
    .reason = "a key asked for, which may start a program outside",
    .may_be_missing = true,
    .attempt = attempt,
};
