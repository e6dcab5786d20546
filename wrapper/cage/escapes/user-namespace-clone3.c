#include "escape.h"

#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  return of_call("clone3", pid);
}

const struct escape escape_user_namespace_clone3 = {
    .name = "user-namespace-clone3",
    .class = "nested user namespaces",
    .reason = "the same by clone3, whose arguments no filter can see",
    .may_be_missing = true,
    .attempt = attempt,
};
