/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'e6d576f9c54d3547bac253acf64a94ff2e9b3402134eb5d0c429d6452f12f855',
  x64: '4c3b7c506efd18fb7321e4891a08b80cebdf6a51200c2554311f80274509855f',
};
