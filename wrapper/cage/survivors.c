#include "survivors.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES_MAX = 65536, ROUNDS_MAX = 100, STAT_BYTES_MAX = 512, ROUND_MICROSECONDS = 1000 };

struct process {
  pid_t pid, parent, session;
  bool dead, ours;
};

static struct process seen[PROCESSES_MAX];

/* proc_pid_stat(5): the name in the second field may hold anything, brackets included, so the last one ends it. */
static bool read_process(const char *pid, struct process *process) {
  char path[64], text[STAT_BYTES_MAX];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t bytes = read(fd, text, sizeof text - 1);
  close(fd);
  if (bytes <= 0) return false;
  text[bytes] = '\0';
  char *after = strrchr(text, ')');
  char state;
  int parent, group, session;
  if (after == NULL || sscanf(after + 1, " %c %d %d %d", &state, &parent, &group, &session) != 4) return false;
  *process = (struct process){.pid = atoi(pid), .parent = parent, .session = session, .dead = state == 'Z' || state == 'X'};
  return true;
}

static int read_processes(void) {
  DIR *folder = opendir("/proc");
  int count = 0;
  if (folder == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < PROCESSES_MAX;) {
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && read_process(entry->d_name, &seen[count])) count++;
  }
  closedir(folder);
  return count;
}

static bool is_ours(pid_t pid, int count) {
  for (int index = 0; index < count; index++) {
    if (seen[index].pid == pid) return seen[index].ours;
  }
  return false;
}

/* One generation a pass, however the list is ordered. */
static void mark(pid_t command, int count) {
  for (bool changed = true; changed;) {
    changed = false;
    for (int index = 0; index < count; index++) {
      struct process *each = &seen[index];
      if (each->ours || !(each->pid == command || each->session == command || is_ours(each->parent, count))) continue;
      each->ours = changed = true;
    }
  }
}

/* What is stopped first cannot start another while we look. */
static int signal_ours(int count, int number) {
  int sent = 0;
  for (int index = 0; index < count; index++) {
    if (seen[index].ours && !seen[index].dead && seen[index].pid != getpid() && kill(seen[index].pid, number) == 0) sent++;
  }
  return sent;
}

static _Noreturn void kill_all(pid_t command) {
  for (int round = 0; round < ROUNDS_MAX; round++) {
    int count = read_processes();
    mark(command, count);
    if (signal_ours(count, round == 0 ? SIGSTOP : SIGKILL) == 0) break;
    if (round > 0) usleep(ROUND_MICROSECONDS);
  }
  _exit(0);
}

void kill_survivors(pid_t command) {
  pid_t killer = fork();
  if (killer == 0) kill_all(command);
  if (killer > 0) waitpid(killer, NULL, 0);
}
