#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_EVERY_NS = 200000, LOOKS_MAX = 1000, STATUS_BYTES_MAX = 4096, PIPE_BYTES = 4096 };

static char status[STATUS_BYTES_MAX];

/* The program says its version into a pipe that is full, and so stands still for as long as we look at it. */
static pid_t start_stopped(const char *program, int *error) {
  static const char fill[PIPE_BYTES];
  int full[2], began[2];
  if (pipe2(full, O_CLOEXEC) < 0 || pipe2(began, O_CLOEXEC) < 0) {
    *error = errno;
    return -1;
  }
  int size = fcntl(full[1], F_SETPIPE_SZ, PIPE_BYTES);
  for (int filled = 0; filled < size; filled += PIPE_BYTES) {
    if (write(full[1], fill, PIPE_BYTES) < 0) break;
  }
  pid_t pid = fork();
  if (pid == 0) {
    char *const argv[] = {(char *)(size_t)program, "--version", NULL};
    char *const none[] = {NULL};
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(full[1], 1);
    dup2(full[1], 2);
    execve(program, argv, none);
    int why = errno;
    if (write(began[1], &why, sizeof why) < 0) _exit(126);
    _exit(127);
  }
  *error = errno;
  close(began[1]);
  if (pid > 0 && read(began[0], error, sizeof *error) == 0) *error = 0;
  /* The end of `full` that we hold goes with this process, and the program ends by SIGPIPE. */
  return pid;
}

/* The value of a line of /proc/PID/status. */
static const char *field(const char *name) {
  const char *line = strstr(status, name);
  return line == NULL ? "" : line + strlen(name);
}

static bool read_status(pid_t pid) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, status, sizeof status - 1);
  if (fd >= 0) close(fd);
  if (got <= 0) return false;
  status[got] = '\0';
  return true;
}

/* Waits until it stands still or is dead: its rights are settled then. */
static bool wait_still(pid_t pid) {
  for (int looks = 0; looks < LOOKS_MAX; looks++) {
    if (!read_status(pid)) return false;
    char state = *(field("\nState:\t"));
    if (state == 'S' || state == 'Z') return true;
    nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_NS}, NULL);
  }
  return false;
}

enum verdict exec_for_rights(const char *program) {
  int error = 0;
  pid_t pid = start_stopped(program, &error);
  if (pid < 0 || error != 0) return held_by("execve", error);
  if (!wait_still(pid)) {
    kill(pid, SIGKILL);
    pause();
  }
  unsigned long real, effective, real_group, effective_group;
  bool is_read = sscanf(field("\nUid:\t"), "%lu %lu", &real, &effective) == 2;
  is_read = sscanf(field("\nGid:\t"), "%lu %lu", &real_group, &effective_group) == 2 && is_read;
  unsigned long long permitted = strtoull(field("\nCapPrm:\t"), NULL, 16);
  kill(pid, SIGKILL);
  if (!is_read) return opened("its rights could not be seen");
  if (effective != geteuid()) return opened("another effective user");
  if (effective_group != getegid()) return opened("another effective group");
  if (permitted != 0) return opened("capabilities");
  /* Outside, such a program has none to give: a file system that heeds no set-uid, a file that grants nothing. */
  return is_outside() ? held_by("execve", ENOTSUP) : held("no rights were gained");
}
