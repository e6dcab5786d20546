#include "escape.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  char name[HOST_NAME_MAX + 1];
  if (gethostname(name, sizeof name) < 0) return held_by("gethostname", errno);
  /* To what it is. */
  return of_call("sethostname", sethostname(name, strlen(name)));
}

const struct escape escape_host_name_change = {
    .name = "host-name-change",
    .class = "namespaces",
    .reason = "the machine's name",
    .attempt = attempt,
};
