#pragma once

/*
 * Is a cage's init (PID 1): reaps what others leave behind, and ends, and with it everything inside, as soon as the socket
 * that is its standard input ends. Whoever holds the other end holds the cage.
 */
int hold(void);
