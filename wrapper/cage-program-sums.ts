/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'f3c268854ec5dd3b0aca0d1780e1d386348b3d0b60d741722817a24ca75f4965',
  x64: 'f0168e7eff7c712f7c163b8a82c08be8566f478d1ba6edd311be8e068fc229b4',
};
