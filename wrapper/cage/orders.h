#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Takes what has come on descriptor 2 and does as it says: `signal INT` and `signal QUIT` go to the command's whole group,
 * as a terminal sends them, other signals to the command alone; `kill`, and the end of orders, ends it with all it has
 * started that still counts as its own (survivors.h).
 *
 * @param command as seen from here; @param inside as the cage sees it, 0 before it is known.
 * @returns whether more can come.
 */
bool obey(pid_t command, pid_t inside);
