/** What becomes of one message of the server: it passes as it is, the client never sees it, or it sees this instead. */
export type Fate = 'pass' | 'swallow' | Buffer;
