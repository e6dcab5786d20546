#include "enter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "join.h"
#include "layers.h"
#include "orders.h"
#include "start.h"
#include "status.h"
#include "survivors.h"

/* A terminal that nobody sits at passes bytes on as they are. */
static int open_terminal(const char *path, bool interactive) {
  int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios mode;
  if (fd < 0 || tcgetattr(fd, &mode) != 0) fail("terminal");
  if (interactive) return fd;
  mode.c_oflag &= ~(tcflag_t)OPOST;
  mode.c_lflag &= ~(tcflag_t)ECHO;
  if (tcsetattr(fd, TCSANOW, &mode) != 0) fail("terminal");
  return fd;
}

static _Noreturn void be_command(int settings, int terminal, bool interactive, int told) {
  pid_t self = getpid();
  if (write(told, &self, sizeof self) != sizeof self) fail("cage");
  /* With the rights that we still have: what was written outside since is to be seen. */
  refresh_layers();
  if (interactive && dup2(terminal, 0) < 0) fail("terminal");
  if (dup2(terminal, 1) < 0) fail("terminal");
  char fd[16];
  snprintf(fd, sizeof fd, "%d", settings);
  _exit(start(fd));
}

static int child_ended[2];

static void on_child(int number) {
  (void)number;
  int before = errno;
  if (write(child_ended[1], "", 1) < 0) errno = before;
}

/* Obeys until the command has ended; @returns its status as wait(2) has it. */
static int supervise(pid_t command, pid_t inside) {
  bool obeys = true;
  for (;;) {
    int status;
    pid_t ended = waitpid(command, &status, WNOHANG);
    if (ended == command) return status;
    if (ended < 0) fail("command");
    struct pollfd ready[] = {{.fd = child_ended[0], .events = POLLIN}, {.fd = obeys ? STATUS_FD : -1, .events = POLLIN}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) fail("command");
    char bytes[64];
    if (ready[0].revents != 0 && read(child_ended[0], bytes, sizeof bytes) < 0 && errno != EINTR) fail("command");
    if (ready[1].revents != 0) obeys = obey(command, inside);
  }
}

int enter(char **words) {
  const char *pid = words[0], *network = words[1];
  bool interactive = strcmp(words[4], "1") == 0;
  int settings = open(words[2], O_RDONLY | O_CLOEXEC);
  if (settings < 0) fail("settings");
  /* The environment is in it. */
  if (unlink(words[2]) != 0) fail("settings");
  int terminal = open_terminal(words[3], interactive);
  int told[2];
  if (pipe2(told, O_CLOEXEC) != 0 || pipe2(child_ended, O_CLOEXEC | O_NONBLOCK) != 0) fail("cage");
  if (signal(SIGCHLD, on_child) == SIG_ERR || signal(SIGPIPE, SIG_IGN) == SIG_ERR) fail("cage");
  join(pid, network, ALL_NAMESPACES);
  pid_t command = fork();
  if (command < 0) fail("cage");
  if (command == 0) be_command(settings, terminal, interactive, told[1]);
  /* Nobody but the command and its children holds them now: their end can be seen. */
  close(settings);
  close(terminal);
  close(told[1]);
  close(0);
  pid_t inside = 0;
  /* Nothing comes where it failed before, and its status says the rest. */
  if (read(told[0], &inside, sizeof inside) != sizeof inside) inside = 0;
  int status = supervise(command, inside);
  int exit_code = exit_code_of(status);
  tell_exit(exit_code);
  return exit_code;
}
