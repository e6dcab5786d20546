#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How one command is to be started (wrapper/start-file.ts writes it). Pointers lead into the file's bytes. */
struct settings {
  uid_t uid;
  gid_t gid;
  /* A user namespace is made in which the ids above are those of the process that starts it; else they are taken on. */
  bool own_user_namespace;
  /* The standard input is a terminal that becomes the controlling one. */
  bool controlling_terminal;
  /* Paths at which no socket is to be reached. Null-terminated. */
  char **hides;
  size_t hide_count;
  mode_t umask;
  const char *folder;
  /* Kept of what the caller had: `RESOURCE=SOFT:HARD`, words of setrlimit(2). */
  char **limits;
  size_t limit_count;
  /* Null-terminated. */
  char **arguments;
  char **environment;
};

/* Reads it from an open file to its end and closes it. Fails (status.h) at whatever is not as written by us. */
void read_settings(int fd, struct settings *settings);
