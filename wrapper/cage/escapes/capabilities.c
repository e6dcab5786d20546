#include "escape.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[2] = {0};
  if (syscall(SYS_capget, &header, sets) < 0) return opened("they could not be seen");
  for (int half = 0; half < 2; half++) {
    if ((sets[half].effective | sets[half].permitted | sets[half].inheritable) != 0) return opened("some are held");
  }
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
    if (prctl(PR_CAPBSET_READ, capability) == 1) return opened("some can be gained");
  }
  return held("none is left");
}

const struct escape escape_capabilities = {
    .name = "capabilities",
    .class = "rights",
    .reason = "capabilities that were left",
    .attempt = attempt,
};
