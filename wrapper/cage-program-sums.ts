/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: '00e2795e1c8127b410bc90e893891223b72ca9e86a72cd4a0a137e33b0debfc3',
  x64: '41574252573ec6ac94ce6c8a76955477bc25c3de86cb4bf23c7df8dc5b66d9e1',
};
