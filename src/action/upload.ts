import { basename, dirname } from 'node:path';
import { DefaultArtifactClient, type UploadArtifactResponse } from '@actions/artifact';

/** An artifact that the service has. */
export type Stored = {
  readonly name: string;
  readonly id: number;
  /** SHA-256 of the uploaded bytes, hex; null: not told. */
  readonly digest: string | null;
};

export type FilesToUpload = {
  readonly name: string;
  /** Absolute paths, all below `root`; links are not followed into. */
  readonly files: readonly string[];
  readonly root: string;
  /** Null: as the repository has it. */
  readonly retentionDays: number | null;
};

/** Uploads them as one archive. The client has its own retries and time limits, and rejects with what the service said. */
export async function uploadFiles({ name, files, root, retentionDays }: FilesToUpload): Promise<Stored> {
  return stored(name, await new DefaultArtifactClient().uploadArtifact(name, [...files], root, retention(retentionDays)));
}

/** Uploads a file as it is, under its own name, so that a browser shows it. */
export async function uploadFile(path: string, retentionDays: number | null): Promise<Stored> {
  const options = { skipArchive: true, ...retention(retentionDays) };
  return stored(basename(path), await new DefaultArtifactClient().uploadArtifact(basename(path), [path], dirname(path), options));
}

function retention(retentionDays: number | null): { readonly retentionDays?: number } {
  return retentionDays === null ? {} : { retentionDays };
}

function stored(name: string, { id, digest }: UploadArtifactResponse): Stored {
  if (id === undefined) throw new Error('the service gave the artifact no id');
  return { name, id, digest: digest ?? null };
}
