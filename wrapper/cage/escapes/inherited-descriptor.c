#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return inherited_descriptor() >= 0 ? opened("a descriptor is open") : held("none was left open");
}

const struct escape escape_inherited_descriptor = {
    .name = "inherited-descriptor",
    .class = "descriptors",
    .reason = "a file or socket of the wrapper's that was left open",
    .attempt = attempt,
};
