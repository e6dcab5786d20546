#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* SYSLOG_ACTION_READ_ALL of syslog(2). */
enum { READ_ALL = 3 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  char text[64];
  return of_call("syslog", syscall(SYS_syslog, READ_ALL, text, sizeof text));
}

const struct escape escape_kernel_log = {
    .name = "kernel-log",
    .class = "kernel calls",
    .reason = "the kernel's log, addresses and secrets with it",
    .attempt = attempt,
};
