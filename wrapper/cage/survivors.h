#pragma once

#include <sys/types.h>

/*
 * Kills a command with everything that descends from it or is of its session, again and again until nothing of it is left.
 * What it has started in a session of its own and let go of lives on, as it would outside.
 *
 * @param command its pid as the cage sees it. The caller's children must be born in the cage's PID namespace.
 */
void kill_survivors(pid_t command);
