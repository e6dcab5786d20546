#include "escape.h"

#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_call("chroot", chroot("/"));
}

const struct escape escape_chroot = {
    .name = "chroot",
    .class = "mounts",
    .reason = "a root folder of one's own, the classic way around the one given",
    .attempt = attempt,
};
