export type ArchiveFaultCode =
  /** The file itself cannot be read. */
  | 'unreadable'
  /** It does not end as a zip file does. */
  | 'not-an-archive'
  /** A record of it is broken, or a number in it absurd. */
  | 'malformed'
  /** A name that no bundle has. */
  | 'misnamed'
  /** Two readers could read two things. */
  | 'ambiguous'
  /** Its files lie over one another, or over its directory. */
  | 'overlap'
  /** It holds bytes that belong to nothing. */
  | 'hidden'
  /** Encrypted, of several disks, or of another method. */
  | 'unsupported'
  | 'too-many'
  /** What comes out is not what it says. */
  | 'content'
  /** Asked for a file that it has not. */
  | 'missing';

/** A zip file that is none, or that two readers could read as two. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';
  readonly code: ArchiveFaultCode;
  constructor(code: ArchiveFaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
