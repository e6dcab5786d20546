#include "escape.h"

#include <errno.h>

#if defined(__x86_64__)
#include <sys/io.h>
#endif

static enum verdict attempt(const char *bait) {
  (void)bait;
  #if defined(__x86_64__)
  return of_call("iopl", iopl(3));
  #else
  return held_by("iopl", ENOSYS);
  #endif
}

const struct escape escape_io_ports = {
    .name = "io-ports",
    .class = "kernel calls",
    .reason = "the machine's devices by their ports",
    .may_be_missing = true,
    .attempt = attempt,
};
