import type { Confidence, EndpointSignalKind, Finding, Severity } from '@sentinel/protocol';
import { findingId, plainFingerprint } from '../fingerprint.ts';

/** What the guard of an endpoint told, or the server saw of it. */
export interface ToldSignal {
  readonly id: string;
  readonly endpointId: string;
  readonly hostName: string;
  readonly kind: EndpointSignalKind;
  readonly count: number;
  readonly detail: string;
  readonly at: string;
}

interface Word {
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One sentence, after the name of the computer. */
  readonly says: string;
}

/** What each kind means, for people. */
const WORDS: Readonly<Record<EndpointSignalKind, Word>> = {
  'bundle-refused': {
    severity: 'high',
    confidence: 'high',
    says: 'was sent policies that its operators did not sign or that were old; it kept those that it had',
  },
  'action-refused': {
    severity: 'high',
    confidence: 'high',
    says: 'was told to do something that its operators did not sign; it did not',
  },
  'policy-went-back': {
    severity: 'high',
    confidence: 'high',
    says: 'works by older policies than before: its data folder was put back, or somebody changed it',
  },
  'probe-damaged': {
    severity: 'high',
    confidence: 'medium',
    says: 'lost a file of the probe in an interpreter that stayed the same; the agent put it back',
  },
  'canary-missed': {
    severity: 'medium',
    confidence: 'medium',
    says: 'has an interpreter whose daily test run nobody reported: scripts there may run unseen',
  },
  'record-gap': {
    severity: 'medium',
    confidence: 'medium',
    says: 'lost records of a run before they were read: somebody removed them, or the disk failed',
  },
  'probe-flooded': {
    severity: 'medium',
    confidence: 'medium',
    says: 'has a run that wrote so much that it was read slowly: a fault of the script, or an attempt to hide others behind it',
  },
  cloned: {
    severity: 'high',
    confidence: 'high',
    says: 'exists twice: two agents live with its key, so the computer or its data folder was copied',
  },
};

/** What findings about endpoints are called, for the places that know rules by their id. */
export const ENDPOINT_TAMPERING = {
  id: 'endpoint-tampering',
  title: 'Trouble with an endpoint',
  misses:
    'Somebody with all rights on the computer can silence its agent before it says anything; then only its silence shows.',
  references: ['https://attack.mitre.org/techniques/T1562/001/'],
} as const;

/** The finding that a signal of an endpoint is; one a kind and computer. Source: ATT&CK T1562.001, impair defences. */
export function judgeEndpoint(signal: ToldSignal): Finding {
  const { severity, confidence, says } = WORDS[signal.kind];
  const fingerprint = plainFingerprint(ENDPOINT_TAMPERING.id, signal.endpointId, signal.kind);
  return {
    id: findingId(signal.id, fingerprint, Date.parse(signal.at)),
    ruleId: ENDPOINT_TAMPERING.id,
    fingerprint,
    title: `${signal.hostName} ${says}.`,
    severity,
    confidence,
    techniques: ['T1562.001'],
    controls: ['ISO27001:A.8.15', 'SOC2:CC7.2'],
    evidence: [
      {
        note: `${signal.count} ${signal.count === 1 ? 'time' : 'times'}${signal.detail === '' ? '' : `: ${signal.detail}`}`,
      },
    ],
    seenAt: signal.at,
  };
}
