#pragma once

#include <sys/types.h>

/* `@network PID INODE`: that the network is up, by what pid the world outside knows the init, and which network it is. */
int tell_network(const char *pid);

/* The same, of our own network, as the /proc that is open as `proc` has it. Fails (status.h). */
void tell_network_of(pid_t pid, int proc);
