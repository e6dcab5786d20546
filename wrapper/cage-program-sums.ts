/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'c4b7ec891d0d0fac54bbe8456282cc2633921d2036cbbd11b8daac8011ff6a6e',
  x64: '90fa6ec15d951c9371a0948fae2cfae4f3470c031b72ede6ffb750220942e891',
};
