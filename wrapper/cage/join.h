#pragma once

#include <stdbool.h>

enum joined {
  ALL_NAMESPACES,
  /* User and mount namespace: where a cage within a cage is made. */
  FILE_NAMESPACES,
  /* User and network namespace. */
  NETWORK_NAMESPACES,
};

/* Enters namespaces of the process, if its network namespace has that inode: a PID may have become somebody else's. Fails (status.h). */
void join(const char *pid, const char *network, enum joined which);
