#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_to_write(bait);
}

const struct escape escape_terminal_outside = {
    .name = "terminal-outside",
    .class = "devices",
    .reason = "the terminal outside: what is typed into it runs there",
    .bait = "terminal-outside",
    .attempt = attempt,
};
