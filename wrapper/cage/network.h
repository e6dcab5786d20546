#pragma once

/* `@network PID INODE`: that the network is up, by what pid the world outside knows the init, and which network it is. */
int tell_network(const char *pid);
