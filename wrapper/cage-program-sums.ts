/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: '4311e5a8ddb0ad8edab41f0867765ee3468383468f6ffc01b18659d58b90de58',
  x64: 'fd51f249f16c49a3aad0d278b8d2cc4e0eadecef6ffe6ce1fcc4ce0627501dc0',
};
