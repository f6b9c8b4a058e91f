import type { ObservedActivity } from '@sentinel/protocol';
import { isUnder, PRIVATE_MAIL_DOMAINS } from '../context/known-hosts.ts';
import { listOf, textOf } from './activity-facts.ts';
import type { RunView } from './run-view.ts';
import { fileName, folderOf, namesOf } from './sentence.ts';

/** Where data left the computer or the company. */
export interface DataSink {
  readonly activity: ObservedActivity;
  readonly kind: 'personal-cloud' | 'llm' | 'mail' | 'messaging' | 'unknown-host';
  /** For people: `the personal OneDrive folder "GL exports"`. */
  readonly name: string;
  /** The same in every run: a host or a folder. */
  readonly subject: string;
  readonly bytes: number;
  /** Whether its receiver is surely private or public. */
  readonly isSure: boolean;
}

const SENDING = new Set(['POST', 'PUT', 'PATCH']);
const PROVIDERS: Readonly<Record<string, string>> = {
  onedrive: 'OneDrive',
  dropbox: 'Dropbox',
  google_drive: 'Google Drive',
  icloud: 'iCloud',
};

/** Sinks of a run, in the order of first sight within each kind. */
export function findSinks(view: RunView): readonly DataSink[] {
  return [...folderSinks(view), ...httpSinks(view), ...socketSinks(view), ...storageSinks(view), ...mailSinks(view)];
}

function folderSinks(view: RunView): DataSink[] {
  return view
    .ofType('file.open')
    .filter(
      ({ attributes }) =>
        attributes['sentinel.file.place'] === 'personal_cloud' && attributes['sentinel.file.operation'] !== 'read',
    )
    .map((activity) => {
      const path = textOf(activity, 'file.path');
      const provider = textOf(activity, 'sentinel.file.provider');
      return {
        activity,
        kind: 'personal-cloud' as const,
        name: `the personal ${PROVIDERS[provider] ?? 'cloud'} folder "${fileName(folderOf(path))}"`,
        subject: folderOf(path),
        bytes: Math.max(activity.bytesOut, Number(activity.attributes['file.size'] ?? 0)),
        isSure: true,
      };
    });
}

function httpSinks(view: RunView): DataSink[] {
  const sinks: DataSink[] = [];
  const models = new Set(view.ofType('ai.request').map((activity) => textOf(activity, 'server.address')));
  for (const activity of view.ofType('http.request')) {
    const host = textOf(activity, 'server.address');
    if (!SENDING.has(textOf(activity, 'http.request.method')) || models.has(host)) continue;
    const kind = sinkKind(view, host);
    if (kind !== undefined)
      sinks.push({ activity, kind, name: host, subject: host, bytes: activity.bytesOut, isSure: true });
  }
  for (const activity of view.ofType('ai.request')) {
    const host = textOf(activity, 'server.address');
    sinks.push({ activity, kind: 'llm', name: host, subject: host, bytes: activity.bytesOut, isSure: true });
  }
  return sinks;
}

/** Connections whose requests were not seen: what went through them is not known. */
function socketSinks(view: RunView): DataSink[] {
  const seen = new Set(
    ['http.request', 'mail.send', 'ai.request', 'storage.call'].flatMap((type) =>
      view.ofType(type).map((activity) => textOf(activity, 'server.address')),
    ),
  );
  return view.ofType('net.connect').flatMap((activity) => {
    const host = textOf(activity, 'server.address') || textOf(activity, 'network.peer.address');
    if (host === '' || textOf(activity, 'network.transport') === 'unix' || seen.has(host)) return [];
    const kind = sinkKind(view, host);
    return kind === undefined
      ? []
      : { activity, kind, name: host, subject: host, bytes: activity.bytesOut, isSure: false };
  });
}

function storageSinks(view: RunView): DataSink[] {
  return view
    .ofType('storage.call')
    .filter(({ attributes }) => attributes['cloud.provider'] === 'dropbox')
    .map((activity) => ({
      activity,
      kind: 'personal-cloud' as const,
      name: 'Dropbox',
      subject: 'dropbox',
      bytes: activity.bytesOut,
      isSure: false,
    }));
}

function mailSinks(view: RunView): DataSink[] {
  const own = view.context.mailDomains.map((domain) => domain.toLowerCase());
  return view.ofType('mail.send').flatMap((activity) => {
    const domains = listOf(activity, 'sentinel.mail.domains').map((domain) => domain.toLowerCase());
    const outside = domains.filter((domain) =>
      own.length > 0 ? !isUnder(domain, own) : isUnder(domain, PRIVATE_MAIL_DOMAINS),
    );
    if (outside.length === 0) return [];
    return {
      activity,
      kind: 'mail' as const,
      name: `mailboxes at ${namesOf(outside)}`,
      subject: [...new Set(outside)].sort().join(','),
      bytes: activity.bytesOut,
      isSure: true,
    };
  });
}

function sinkKind(view: RunView, host: string): DataSink['kind'] | undefined {
  const reach = view.reachOf(host);
  if (reach === 'unknown') return 'unknown-host';
  return reach === 'personal-cloud' || reach === 'messaging' || reach === 'llm' || reach === 'mail' ? reach : undefined;
}
