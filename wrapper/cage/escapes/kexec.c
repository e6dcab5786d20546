#include "escape.h"

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NO_SUCH_FLAGS 0xffff0000UL

/* Flags that none accepts: rights are looked at first. */
static enum verdict attempt(const char *bait) {
  (void)bait;
  return of_rights("kexec_file_load", syscall(SYS_kexec_file_load, -1, -1, 0UL, NULL, NO_SUCH_FLAGS));
}

const struct escape escape_kexec = {
    .name = "kexec",
    .class = "kernel calls",
    .reason = "another kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
