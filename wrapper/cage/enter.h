#pragma once

/*
 * Starts a command in a cage that stands, and stays outside of its PID namespace until the command ends:
 *
 *   enter PID NETWORK FILE TERMINAL INTERACTIVE
 *
 * PID is the cage's init as seen from here, NETWORK the inode of its network namespace (another one is another cage's),
 * FILE how to start (settings.h), TERMINAL the path of the terminal that takes the output, and is the input, too, if
 * INTERACTIVE is 1. Descriptor 0 is the command's input otherwise. On descriptor 2 status lines go out (status.h) and
 * orders come in: `signal NAME`, `kill`, and by its end `kill`.
 *
 * Returns what the command ended with; 137 when it was killed.
 */
int enter(char **words);
