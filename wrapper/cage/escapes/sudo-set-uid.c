#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_sudo_set_uid = {
    .name = "sudo-set-uid",
    .class = "sudo, su, pkexec",
    .reason = "sudo: a program that starts with its owner's rights, not the caller's",
    .bait = "sudo-set-uid",
    .attempt = attempt,
};
