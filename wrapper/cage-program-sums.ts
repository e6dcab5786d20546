/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: '9cd418defe6beb8da0b7b019c6f3f9e4cab150229f29b6a4d2cf55e5eefa2509',
  x64: 'db53c41c993d19f4e2fc5e81d89da3c649c71aafb678ea2a697b835758597cb9',
};
