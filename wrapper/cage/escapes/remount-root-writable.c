#include "escape.h"

#include <sys/mount.h>

/* No mount begins at that folder: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("mount", mount(NULL, "/proc/self/fd", NULL, MS_REMOUNT | MS_BIND, NULL));
}

const struct escape escape_remount_root_writable = {
    .name = "remount-root-writable",
    .class = "mounts",
    .reason = "a root file system that can be written again",
    .attempt = attempt,
};
