#include "escape.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  static const char path[] = "/tmp/duty-gate-device-node";
  if (mknod(path, S_IFCHR | 0600, makedev(1, 7)) < 0) return held_by("mknod", errno);
  unlink(path);
  return opened("mknod");
}

const struct escape escape_device_node = {
    .name = "device-node",
    .class = "devices",
    .reason = "device files of one's own: any disk, any memory",
    .attempt = attempt,
};
