#include "nest.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "join.h"
#include "network.h"
#include "status.h"

enum { PROGRAM_FD = 3, EXIT_NOT_STARTED = 125 };

static _Noreturn void be_init(int folder, char **words) {
  /* Its end is ours, and the other way about; who had sudo start us is told by descriptor 2. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || fchdir(folder) != 0) fail("session folder");
  execve(words[0], words, (char *[]){NULL});
  fail("set-up");
}

int nest(char **words) {
  close_all_from(PROGRAM_FD);
  if (open("/proc/self/exe", O_RDONLY) != PROGRAM_FD) fail("program");
  int folder = open(words[2], O_PATH | O_DIRECTORY | O_CLOEXEC);
  int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || proc < 0) fail("session folder");
  join(words[0], words[1], FILE_NAMESPACES);
  if (unshare(CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) != 0) fail("namespaces");
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("mounts");
  pid_t init = fork();
  if (init < 0) fail("cage");
  if (init == 0) be_init(folder, words + 3);
  /* By the host's /proc, in which we are; the one that is mounted now knows nothing of us. */
  tell_network_of(init, proc);
  int status;
  while (waitpid(init, &status, 0) < 0) {
    if (errno != EINTR) return EXIT_NOT_STARTED;
  }
  return exit_code_of(status);
}
