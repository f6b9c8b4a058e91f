export { type Client, type ClientOptions, createClient } from './create-client.ts';
export {
  agentWithKey,
  type EndpointKeyPair,
  type EnrolAgentOptions,
  type EnrolledAgent,
  enrolAgent,
  makeEndpointKey,
  proveKey,
} from './enrol-agent.ts';
export { eventData } from './event-lines.ts';
export { importSigningKey, RequestSigner, type SignerOptions, signedFetch } from './request-signer.ts';
