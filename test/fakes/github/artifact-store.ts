import { createHash } from 'node:crypto';

export type FakeArtifact = {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** `sha256:` and hex, of the bytes as they were uploaded. */
  readonly digest: string;
  readonly mimeType: string;
  readonly createdMs: number;
  readonly expiresMs: number;
  content(): Buffer;
};

export type StoredArtifact = FakeArtifact & { readonly run: string; readonly job: string };

/** A file that is being uploaded: made by CreateArtifact, filled block by block. */
export type Upload = {
  readonly key: string;
  readonly run: string;
  readonly job: string;
  readonly name: string;
  readonly mimeType: string;
  readonly expiresMs: number;
  readonly blocks: Map<string, Buffer>;
  /** Null: nothing was committed yet. */
  content: Buffer | null;
};

/** Artifacts by run and job, as the service's own ids have them. */
export type ArtifactStore = {
  begin(upload: Omit<Upload, 'blocks' | 'content'>): void;
  upload(key: string): Upload | null;
  /** That this run has, or is about to have. */
  isNamed(run: string, name: string): boolean;
  uploadOf(run: string, job: string, name: string): Upload | null;
  finish(upload: Upload): StoredArtifact;
  all(): readonly StoredArtifact[];
  of(run: string, job: string): readonly StoredArtifact[];
  remove(id: number): void;
  bytes(): number;
};

const FIRST_ID = 5_000_001;

export function createArtifactStore(nowMs: () => number): ArtifactStore {
  const uploads = new Map<string, Upload>();
  let stored: readonly StoredArtifact[] = [];
  let count = 0;
  const pending = (run: string, name: string) => [...uploads.values()].find((each) => each.run === run && each.name === name);
  return {
    begin: (upload) => void uploads.set(upload.key, { ...upload, blocks: new Map(), content: null }),
    upload: (key) => uploads.get(key) ?? null,
    isNamed: (run, name) => pending(run, name) !== undefined || stored.some((each) => each.run === run && each.name === name),
    uploadOf(run, job, name) {
      const found = pending(run, name);
      return found?.job === job ? found : null;
    },
    finish({ key, run, job, name, mimeType, expiresMs, content }) {
      const bytes = content ?? Buffer.alloc(0);
      const artifact = {
        ...{ id: FIRST_ID + count, run, job, name, mimeType, createdMs: nowMs(), expiresMs, size: bytes.length },
        ...{ digest: sha256(bytes), content: () => bytes },
      };
      count += 1;
      uploads.delete(key);
      stored = [...stored, artifact];
      return artifact;
    },
    all: () => stored,
    of: (run, job) => stored.filter((each) => each.run === run && each.job === job),
    remove(id) {
      stored = stored.filter((each) => each.id !== id);
    },
    bytes: () => stored.reduce((sum, { size }) => sum + size, 0),
  };
}

export function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
