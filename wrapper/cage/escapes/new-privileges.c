#include "escape.h"

#include <sys/prctl.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? held("no_new_privs is set") : opened("no_new_privs is not set");
}

const struct escape escape_new_privileges = {
    .name = "new-privileges",
    .class = "rights",
    .reason = "rights gained by starting a program",
    .attempt = attempt,
};
