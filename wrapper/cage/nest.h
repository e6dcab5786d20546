#pragma once

/*
 * Makes the namespaces of a cage within a cage, and has a program set it up that is its init: `PID INODE FOLDER PROGRAM [WORD …]`.
 * It starts in FOLDER, of which nothing inside knows, with nothing in its environment, our own program as descriptor 3.
 */
int nest(char **words);
