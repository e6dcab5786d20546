#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_pkexec_set_uid = {
    .name = "pkexec-set-uid",
    .class = "sudo, su, pkexec",
    .reason = "pkexec: a program that starts with its owner's rights, not the caller's",
    .bait = "pkexec-set-uid",
    .attempt = attempt,
};
