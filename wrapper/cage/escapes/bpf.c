#include "escape.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Of linux/bpf.h. */
enum { MAP_CREATE = 0 };
enum { MAP_ARRAY = 2 };

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct {
    unsigned type, key_bytes, value_bytes, entries_max;
    char rest[112];
  } array = {.type = MAP_ARRAY, .key_bytes = 4, .value_bytes = 4, .entries_max = 1};
  return of_call("bpf", syscall(SYS_bpf, MAP_CREATE, &array, sizeof array));
}

const struct escape escape_bpf = {
    .name = "bpf",
    .class = "kernel calls",
    .reason = "programs in the kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
