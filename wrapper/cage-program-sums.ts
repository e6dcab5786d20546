/** SHA-256 of dist/helpers/linux-ARCH/duty-gate-cage, by Node's name of the architecture. `npm run build` writes this file. */
export const CAGE_PROGRAM_SHA256: Readonly<Record<string, string>> = {
  arm64: 'a736ecbad085efa2e62e0d9310d2770e4df27bafe662e234848f0099d70ae171',
  x64: '36d53dd68911fc3e620ba1bac6a5f6354b21f16700b30ba26f4af883f0751141',
};
