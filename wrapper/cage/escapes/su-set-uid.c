#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_su_set_uid = {
    .name = "su-set-uid",
    .class = "sudo, su, pkexec",
    .reason = "su: a program that starts with its owner's rights, not the caller's",
    .bait = "su-set-uid",
    .attempt = attempt,
};
