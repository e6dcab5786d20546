/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'c535e09182a053acd77de0d28fc8bde95e72a760b7a4f3ee3b3f1395f796be33',
  x64: 'd0e9a65438d22bef360ec9af67f7411c611c299ff69988ccccb432d9949e9259',
};
