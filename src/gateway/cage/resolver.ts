import { isIPv6 } from 'node:net';
import type { Answer, Packet } from 'dns-packet';
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';
import type { NameTable } from './addresses.ts';

/** A query holds one question; what is longer is no query of ours. */
export const QUERY_BYTES_MAX = 1232;

/** So short that a step which waits for a name sees it come and go. */
const TTL_SECONDS = 5;
const HEADER_BYTES = 12;
const RCODE = { noError: 0, formatError: 1, nameError: 3, notImplemented: 4, refused: 5 } as const;

/**
 * Answers one DNS query (RFC 1035, 4.1) from a table and nothing else: no name leaves the cage.
 *
 * A and AAAA of a name in the table, any letter case; NODATA for its other types, NXDOMAIN for every other name. EDNS
 * (RFC 6891) is answered in kind and its options ignored. The bytes are hostile: whatever runs inside sends them.
 *
 * @returns the response, or null where silence is right: no header to answer to, or itself a response.
 */
export function answerQuery(packet: Uint8Array, table: NameTable): Buffer | null {
  const query = Buffer.from(packet.buffer, packet.byteOffset, packet.length);
  if (query.length < HEADER_BYTES) return null;
  const flags = query.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return null;
  if (query.length > QUERY_BYTES_MAX || query.readUInt16BE(4) !== 1) return failure(query, RCODE.formatError);
  if ((flags & 0x7800) !== 0) return failure(query, RCODE.notImplemented);
  const decoded = decodeQuery(query);
  const question = decoded?.questions?.[0];
  if (decoded === null || question === undefined) return failure(query, RCODE.formatError);
  if (question.class !== undefined && question.class !== 'IN') return failure(query, RCODE.refused);
  const addresses = table.get(question.name.toLowerCase().replace(/\.$/, ''));
  const address = question.type === 'A' ? addresses?.ipv4 : question.type === 'AAAA' ? addresses?.ipv6 : null;
  const answers = address === null || address === undefined ? [] : [answer(question.name, address)];
  const edns = decoded.additionals?.some((record) => record.type === 'OPT') ?? false;
  return encode({
    id: query.readUInt16BE(0),
    type: 'response',
    flags: responseFlags(flags, addresses === undefined ? RCODE.nameError : RCODE.noError),
    questions: [question],
    answers,
    additionals: edns ? [OPT] : [],
  });
}

/** The name that a query asks the address of, in lower case; null when it asks for none. */
export function askedName(packet: Uint8Array): string | null {
  const query = Buffer.from(packet.buffer, packet.byteOffset, packet.length);
  if (query.length < HEADER_BYTES || query.length > QUERY_BYTES_MAX || (query.readUInt16BE(2) & 0xf800) !== 0) return null;
  const questions = decodeQuery(query)?.questions ?? [];
  const [question, ...others] = questions;
  if (question === undefined || others.length > 0 || (question.type !== 'A' && question.type !== 'AAAA')) return null;
  return question.name.toLowerCase().replace(/\.$/, '');
}

const OPT: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: QUERY_BYTES_MAX,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function decodeQuery(query: Buffer): Packet | null {
  try {
    return decode(query);
  } catch {
    return null;
  }
}

function answer(name: string, address: string): Answer {
  return { type: isIPv6(address) ? 'AAAA' : 'A', name, ttl: TTL_SECONDS, data: address };
}

/** A header alone: RFC 1035 asks for no more, and the question may be what is broken. */
function failure(query: Buffer, rcode: number): Buffer {
  const response = Buffer.alloc(HEADER_BYTES);
  query.copy(response, 0, 0, 2);
  response.writeUInt16BE(0x8000 | responseFlags(query.readUInt16BE(2), rcode), 2);
  return response;
}

/** The opcode and RD of the query come back (RFC 1035, 4.1.1). */
function responseFlags(queryFlags: number, rcode: number): number {
  return (queryFlags & (0x7800 | RECURSION_DESIRED)) | AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | rcode;
}
