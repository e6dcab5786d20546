/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'dc585d54c89b5660a56add7fa3edef84ac60c3fba7cf84cbe553658a858def93',
  x64: 'fcd6d5524867b10f07394acff7eb09213c81ddc03c81e0a967af3f1f76626318',
};
