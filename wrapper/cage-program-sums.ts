/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: '7342666b5fdcb5c0437943c84d1ffa870935899503f21e9c75fddf830a808445',
  x64: 'b9c283d56ed6c90107338c5bfb50333bd4080023518f58381a23dd0ec7538ed1',
};
