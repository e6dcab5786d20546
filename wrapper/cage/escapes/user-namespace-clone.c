#include "escape.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  long pid = syscall(SYS_clone, (unsigned long)CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return of_call("clone", pid);
}

const struct escape escape_user_namespace_clone = {
    .name = "user-namespace-clone",
    .class = "nested user namespaces",
    .reason = "the same by clone, past a filter that knows unshare only",
    .may_be_missing = true,
    .attempt = attempt,
};
