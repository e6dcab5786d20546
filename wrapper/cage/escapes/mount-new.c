#include "escape.h"

#include <sys/mount.h>

/* There is no such file system: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("mount", mount("duty-gate", "/", "no-such-file-system", 0, NULL));
}

const struct escape escape_mount_new = {
    .name = "mount-new",
    .class = "mounts",
    .reason = "mounts of one's own over what is closed",
    .attempt = attempt,
};
