import { createHash, createPublicKey, verify } from 'node:crypto';
import { fulcioHandler } from '@sigstore/mock/dist/fulcio/handler.js';
import { rekorHandler } from '@sigstore/mock/dist/rekor/handler.js';
import { tsaHandler } from '@sigstore/mock/dist/timestamp/handler.js';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify, UnsecuredJWT } from 'jose';
import { z } from 'zod';
import { type Answer, json, type Question, type Service } from '#test/fakes/github/http-server.ts';
import type { Authorities } from './authorities.ts';

export type Instances = { readonly publicGood: Authorities; readonly github: Authorities };

export type ServicesSetup = {
  readonly instances: Instances;
  /** Whose tokens Fulcio takes, and that issuer's keys. */
  readonly issuer: () => { readonly issuer: string; readonly keys: JSONWebKeySet['keys'] };
};

const CertificateRequest = z.object({
  credentials: z.object({ oidcIdentityToken: z.string() }),
  publicKeyRequest: z.object({
    publicKey: z.object({ algorithm: z.literal('ECDSA'), content: z.string() }),
    proofOfPossession: z.base64(),
  }),
});
const Proposal = z.object({
  apiVersion: z.literal('0.0.1'),
  kind: z.literal('dsse'),
  spec: z.object({ proposedContent: z.object({ envelope: z.string(), verifiers: z.array(z.string()).length(1) }) }),
});
const Envelope = z.object({ payload: z.base64(), payloadType: z.string(), signatures: z.array(z.object({ sig: z.base64() })).length(1) });

/** Fulcio, Rekor and a timestamp authority, of both instances: which of them is asked is told by the name. */
export function createServices({ instances, issuer }: ServicesSetup): readonly Service[] {
  const of = ({ headers }: Question) => (/\.sigstore\.dev$/.test(headers.host ?? '') ? instances.publicGood : instances.github);
  return [
    { prefix: '/api/v2/signingCert', answer: (question) => certify(of(question), issuer(), question.body) },
    { prefix: '/api/v1/log/entries', answer: (question) => enter(of(question), question.body) },
    { prefix: '/api/v1/timestamp', answer: (question) => stamp(of(question), question.body) },
  ];
}

/**
 * The mock certifies whoever asks. Fulcio takes only a token of an issuer that it knows, for itself, from one who has the key; and
 * names the workflow where the mock names the token's subject.
 */
async function certify(
  { certificates }: Authorities,
  { issuer, keys }: ReturnType<ServicesSetup['issuer']>,
  body: Buffer,
): Promise<Answer> {
  const request = CertificateRequest.safeParse(JSON.parse(body.toString()));
  if (!request.success) return refused('the request is not of the documented form');
  const { credentials, publicKeyRequest } = request.data;
  const claims = await claimsOf(credentials.oidcIdentityToken, issuer, keys);
  if (claims === null) return refused('There was an error processing the identity token');
  const key = createPublicKey(publicKeyRequest.publicKey.content);
  const proof = Buffer.from(publicKeyRequest.proofOfPossession, 'base64');
  if (!verify('sha256', Buffer.from(claims.sub ?? ''), key, proof))
    return refused('The signature supplied in the request could not be verified');
  const workflow = `https://github.com/${String(claims['job_workflow_ref'])}`;
  const oidcIdentityToken = new UnsecuredJWT({ ...claims, workflow }).encode();
  const asked = JSON.stringify({ ...request.data, credentials: { oidcIdentityToken } });
  return answerOf(await fulcioHandler(certificates, { subjectClaim: 'workflow' }).fn(asked));
}

async function claimsOf(token: string, issuer: string, keys: JSONWebKeySet['keys']): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, createLocalJWKSet({ keys }), { issuer, audience: 'sigstore', algorithms: ['RS256'] })).payload;
  } catch {
    return null;
  }
}

/** The mock logs what is proposed as it is. Rekor checks the signature, and keeps the hashes of an envelope, not the envelope. */
async function enter({ log }: Authorities, body: Buffer): Promise<Answer> {
  const proposal = Proposal.safeParse(JSON.parse(body.toString()));
  if (log === null || !proposal.success) return refused('cannot be logged');
  const { envelope: text, verifiers } = proposal.data.spec.proposedContent;
  const envelope = Envelope.parse(JSON.parse(text));
  const [verifier = ''] = verifiers;
  const [signature = { sig: '' }] = envelope.signatures;
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(envelope.payloadType)} ${envelope.payloadType} ${payload.length} `),
    payload,
  ]);
  if (!verify('sha256', signed, createPublicKey(Buffer.from(verifier, 'base64').toString()), Buffer.from(signature.sig, 'base64')))
    return refused('the signature does not verify');
  const hash = (bytes: string | Buffer) => ({ algorithm: 'sha256', value: createHash('sha256').update(bytes).digest('hex') });
  const spec = { envelopeHash: hash(text), payloadHash: hash(payload), signatures: [{ signature: signature.sig, verifier }] };
  return answerOf(await rekorHandler(log).fn(JSON.stringify({ apiVersion: '0.0.1', kind: 'dsse', spec })));
}

async function stamp({ timestamps }: Authorities, body: Buffer): Promise<Answer> {
  return answerOf(await tsaHandler(timestamps).fn(body.toString()));
}

type Handled = Awaited<ReturnType<ReturnType<typeof tsaHandler>['fn']>>;

function answerOf({ statusCode, response, contentType = 'text/plain' }: Handled): Answer {
  const body = typeof response === 'string' ? response : Buffer.from(response.buffer, response.byteOffset, response.byteLength);
  return { status: statusCode, headers: { 'content-type': contentType }, body };
}

/** As gRPC's gateway words it. */
function refused(message: string): Answer {
  return json(400, { code: 3, message, details: [] });
}
