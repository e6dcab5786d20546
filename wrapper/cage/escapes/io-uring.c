#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* The same on every architecture. */
enum { SYS_IO_URING_SETUP = 425 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  /* Large enough for struct io_uring_params. */
  char parameters[256] = {0};
  return of_call("io_uring_setup", syscall(SYS_IO_URING_SETUP, 1, parameters));
}

const struct escape escape_io_uring = {
    .name = "io-uring",
    .class = "io_uring",
    .reason = "input and output past the filter for system calls",
    .may_be_missing = true,
    .attempt = attempt,
};
