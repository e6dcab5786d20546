import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// src/gateway/cage/listen-inside.ts
import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";
var CONNECTED_CHECK_MS = 100;
process.on("message", (message) => {
  switch (message.kind) {
    case "listen":
      for (const request of message.requests) listen(request);
      return;
    case "thanks":
      process.exit(0);
  }
});
process.on("disconnect", () => process.exit(1));
setInterval(() => process.connected || process.exit(1), CONNECTED_CHECK_MS);
function listen(request) {
  const { index, address, port } = request;
  const answer = (handle) => send({ kind: "listening", index }, handle);
  const fail = (error) => send({ kind: "failed", index, code: error.code ?? "EIO" });
  if (request.kind === "resolver-udp") {
    const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", ipv6Only: isIPv6(address) });
    socket.once("error", fail);
    socket.bind({ address, port, exclusive: true }, () => answer(socket));
    return;
  }
  const server = createServer();
  server.once("error", fail);
  server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) }, () => answer(server));
}
function send(message, handle) {
  process.send?.(message, handle);
}
