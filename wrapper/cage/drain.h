#pragma once

/* Takes what is left running prints to the terminal that is our standard input, until nobody holds it any more. */
int drain(void);
