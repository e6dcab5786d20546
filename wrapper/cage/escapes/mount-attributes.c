#include "escape.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture. */
enum { SYS_MOUNT_SETATTR = 442 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct mount_attr attributes = {0};
  /* It asks for no change, of a folder that no mount begins at. */
  return of_rights("mount_setattr", syscall(SYS_MOUNT_SETATTR, AT_FDCWD, "/proc/self/fd", 0, &attributes, sizeof attributes));
}

const struct escape escape_mount_attributes = {
    .name = "mount-attributes",
    .class = "mounts",
    .reason = "read-only mounts made writable by the newer call",
    .may_be_missing = true,
    .attempt = attempt,
};
