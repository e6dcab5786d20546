#include "escape.h"

#include <signal.h>

static enum verdict attempt(const char *bait) {
  return of_process_call(bait, "kill", kill(process_pid(bait), 0));
}

const struct escape escape_kill_outside = {
    .name = "kill-outside",
    .class = "processes outside",
    .reason = "signals to processes outside, the gateway and the runner among them",
    .bait = "outside-process",
    .attempt = attempt,
};
