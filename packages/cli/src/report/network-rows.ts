import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy, sumOf } from './attribute-text.ts';
import { countOf, formatBytes } from './quantities.ts';
import type { Section } from './section.ts';

/** Peers with their bytes and HTTP methods, then listeners. */
export function networkRows(activities: readonly ObservedActivity[]): Section | undefined {
  const peers = activities.filter(({ type }) => type === 'net.connect' || type === 'http.request');
  const listeners = activities.filter(({ type }) => type === 'net.listen');
  if (peers.length + listeners.length === 0) return undefined;
  const groups = groupBy(peers, peerOf);
  const rows = [...groups].map(([peer, group]) => {
    const connections = group.filter(({ type }) => type === 'net.connect');
    const requests = group.filter(({ type }) => type === 'http.request');
    // The bytes of a request are also those of its connection: one of the two, never the sum.
    const bytesIn = Math.max(sumOf(connections, 'bytesIn'), sumOf(requests, 'bytesIn'));
    const bytesOut = Math.max(sumOf(connections, 'bytesOut'), sumOf(requests, 'bytesOut'));
    return [
      peer,
      `${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out`,
      requests.length > 0 ? httpText(requests) : connectionText(connections),
    ];
  });
  const local = listeners.map((activity) => [
    `${attributeText(activity, 'network.local.address')}${portOf(attributeText(activity, 'network.local.port'))}`,
    'listens',
    attributeText(activity, 'network.transport'),
  ]);
  return {
    title: 'Network',
    summary: groups.size === 0 ? '' : countOf(groups.size, 'peer'),
    rows: [...rows, ...local],
  };
}

function peerOf(activity: ObservedActivity): string {
  const address =
    attributeText(activity, 'server.address') || attributeText(activity, 'network.peer.address') || 'unknown peer';
  return `${address}${portOf(attributeText(activity, 'server.port'))}`;
}

function portOf(port: string): string {
  return port === '' || port === '0' ? '' : `:${port}`;
}

function httpText(requests: readonly ObservedActivity[]): string {
  return [
    ...groupBy(requests, (request) =>
      `${attributeText(request, 'http.request.method')} ${attributeText(request, 'http.response.status_code')}`.trim(),
    ),
  ]
    .map(([text, group]) => (sumOf(group, 'count') > 1 ? `${text} x${sumOf(group, 'count')}` : text))
    .join(', ');
}

function connectionText(connections: readonly ObservedActivity[]): string {
  const count = sumOf(connections, 'count');
  const errors = sumOf(connections, 'errors');
  const transports = [...new Set(connections.map((activity) => attributeText(activity, 'network.transport')))].join(
    ', ',
  );
  return [transports, count > 1 ? `x${count}` : '', errors > 0 ? `${errors} failed` : '']
    .filter((part) => part !== '')
    .join(' ');
}
