#include "escape.h"

static enum verdict attempt(const char *bait) {
  return open_device(bait);
}

const struct escape escape_block_device_open = {
    .name = "block-device-open",
    .class = "devices",
    .reason = "every file of the machine, by its disk",
    .bait = "block-device-open",
    .attempt = attempt,
};
