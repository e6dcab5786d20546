/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'e7bd4c149fc7fe0a7ee057cdd128559c75caa5742fcf7873f446a01e8cf0f9bf',
  x64: '8316fdbc53e9b7fd27271107b55b4ce373e2c018408967a8c77ce1af11d099c5',
};
