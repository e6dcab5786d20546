/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: '2e8579566905eb0703a72a53955e7374e4b7309135fafbc5c93852e4bbbc90c1',
  x64: '282dafafded89854b55499ea639fb8fabaf6bb79772735991b42e555cc3199a4',
};
