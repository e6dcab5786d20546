import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  printable
} from "./shared-45OH65BV.js";
import {
  MANIFEST_FILE
} from "./shared-SRWRGWQG.js";

// src/core/verify/page.ts
function verificationPage(verification) {
  const { session } = verification;
  const sections = [
    [verdictLine(verification)],
    session === null ? [] : aboutSession(verification, session),
    verification.verdict === "broken" ? [] : ["Proved", ...proved(verification).map(bullet)],
    session === null || verification.verdict === "broken" ? [] : ["Claimed, not proved", ...claimed(verification, session).map(bullet)],
    verification.notes.length === 0 ? [] : ["Notes", ...verification.notes.map(bullet)],
    verification.problems.length === 0 ? [] : ["Problems", ...verification.problems.map(({ code, where, what }) => bullet(`${where}: ${what} [${code}]`))]
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.map(printable).join("\n")).join("\n\n")}
`;
}
function bullet(text) {
  return `  - ${text}`;
}
function verdictLine({ verdict, anchoring, counts, problems }) {
  switch (verdict) {
    case "broken":
      return `BROKEN: this is not the evidence as it was written. ${problems.length} problem(s) found; intact up to entry ${counts.entries}.`;
    case "unsealed":
      return `UNSEALED: consistent up to entry ${counts.entries}, and then nothing: the session did not end well, or the end was taken away.`;
    case "sealed":
      return `SEALED and intact: ${ANCHORING[anchoring]}.`;
  }
}
var ANCHORING = {
  anchored: "the issuer of its token, known from outside the bundle, vouches for the signing key",
  local: "unanchored, issuer local: only the machine it was made on vouches for the signing key",
  unanchored: "unanchored: no key from outside the bundle vouches for the signing key"
};
function aboutSession({ from, to, counts }, session) {
  return [
    `Session   ${session.session}, gateway ${session.gateway}`,
    `Opened    ${from ?? "never"}, last entry ${to ?? "none"}`,
    `By        ${session.issuer}${session.claims.sub === void 0 ? "" : `: ${session.claims.sub}`}`,
    ...session.chain.map(
      ({ duty, principal, executable }, depth) => `${depth === 0 ? "Chain   " : "        "}  ${principal} as ${duty}${executable === "" ? "" : `: ${executable}`}`
    ),
    `Counts    ${counts.entries} entries \xB7 ${counts.allowed} operations allowed, ${counts.refused} refused, ${counts.masked} values masked`,
    `          ${counts.connections} connections, ${counts.connectionsRefused} refused \xB7 ${counts.recordings} recordings, ${counts.recordedBytes} bytes`
  ];
}
function proved({ verdict, anchoring, counts, session, last, signed }) {
  const chain = `${counts.entries} entries form one unbroken chain from its only beginning; the last has hash ${last}.`;
  const order = [
    "Each outcome follows a decision that allowed it; no operation has two.",
    ...counts.delegations + counts.agents > 0 ? [
      `${counts.delegations} delegations, ${counts.agents} agents: each adds a duty to those before it, and every operation was decided under all that held.`
    ] : [],
    ...counts.approved > 0 ? [
      `${counts.approved} approvals: each by another person than the one behind the session, with a receipt made for exactly that operation.`
    ] : []
  ];
  if (verdict === "unsealed") return [chain, ...order, ...signedSoFar(signed, session)];
  return [
    chain,
    `The chain ends with a seal whose counts are right, and ${MANIFEST_FILE} lists every file as it is: nothing was changed, dropped, added or cut off since.`,
    `Key ${session?.evidenceKey ?? ""}, which the session entry names, signed that.`,
    ...order,
    "The recordings are those that the chain names, and the asciicasts are derived from them.",
    ...anchoring === "local" ? ["The client key signed for exactly this gateway, nonce and signing key."] : [],
    ...anchoring === "anchored" ? [`${session?.issuer ?? ""} signed, for a process of exactly this job, the gateway, nonce, client key and signing key named here.`] : []
  ];
}
function signedSoFar(signed, session) {
  if (signed === 0)
    return ["Nothing is signed: whoever could write these files could have written others. The order is consistent, and that is all."];
  return [
    `Key ${session?.evidenceKey ?? ""}, which the session entry names, signed the first ${signed} entries; nobody signed what comes after.`
  ];
}
function claimed({ anchoring }, session) {
  return [
    ...whoseWord(anchoring, session),
    "By the gateway: that these are all operations it saw, how it judged and answered them, and every time.",
    `By the wrapper: the terminal recordings, the command and its exit code, executables of delegated commands, confinement (${session.confinement}).`,
    "By nobody: that no second bundle of the same session exists, and what went past the gateway."
  ];
}
function whoseWord(anchoring, { issuer }) {
  const worthless = "who opened the session. Anybody can make a bundle that says the same under keys of their own.";
  switch (anchoring) {
    case "local":
      return [`By the machine itself (issuer local): ${worthless}`];
    case "unanchored":
      return [`By a token of ${issuer}, whose key is not known from outside the bundle: ${worthless}`];
    case "anchored":
      return ["By the job: that the process which named these keys was duty-gate, and not another one that could mint its tokens."];
  }
}

export {
  verificationPage
};
