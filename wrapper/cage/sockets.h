#pragma once

/* Prints /proc/net/unix of the cage of `PID INODE`: what has been bound to a path there. */
int list_sockets(char **words);
