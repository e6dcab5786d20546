#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* There is no such file: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("acct", syscall(SYS_acct, "/no/such"));
}

const struct escape escape_accounting = {
    .name = "accounting",
    .class = "kernel calls",
    .reason = "the machine's accounting of processes",
    .may_be_missing = true,
    .attempt = attempt,
};
