#include "escape.h"

#include <sys/mount.h>

/* No mount begins at that folder: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("umount", umount2("/proc/self/fd", MNT_DETACH));
}

const struct escape escape_unmount = {
    .name = "unmount",
    .class = "mounts",
    .reason = "what a mount covers: the host's files beneath",
    .attempt = attempt,
};
