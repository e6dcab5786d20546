import { createHash, hash } from 'node:crypto';

/** SHA-256, one of the two places where core touches node:crypto (the other is identity/ed25519.ts). Text is hashed as UTF-8. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

export function sha256Base64url(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url');
}

export type RunningSha256 = {
  update(content: Uint8Array): void;
  /** Ends it: 64 lower-case hex digits. */
  hex(): string;
};

export function startSha256(): RunningSha256 {
  const running = createHash('sha256');
  return {
    update: (content) => void running.update(content),
    hex: () => running.digest('hex'),
  };
}
