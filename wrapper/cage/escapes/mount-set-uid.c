#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_mount_set_uid = {
    .name = "mount-set-uid",
    .class = "set-uid binaries",
    .reason = "mount: a program that starts with its owner's rights, not the caller's",
    .bait = "mount-set-uid",
    .attempt = attempt,
};
