#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* There is no such file: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("swapon", syscall(SYS_swapon, "/no/such", 0));
}

const struct escape escape_swap = {
    .name = "swap",
    .class = "kernel calls",
    .reason = "the machine's memory laid out in a file",
    .may_be_missing = true,
    .attempt = attempt,
};
