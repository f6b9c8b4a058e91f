import type { SyntaxNode, SyntaxTree } from '../parse.ts';
import { argumentOf, type Facts } from './facts.ts';
import { showText } from './text-template.ts';

const URL_HOST =
  /\b(?:https?|ftps?|sftp|wss?|ldaps?|smtps?|imaps?|amqps?|mqtts?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis):\/\/(?:[^/@\s'"<>]{0,200}@)?([A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){0,8}[A-Za-z0-9-]{1,62})(?=$|[^A-Za-z0-9.{%*-]|\.(?:\s|$))/g;

/** Endings under which a text without a scheme is taken for a host. */
const HOST_ALONE =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:com|net|org|io|ai|gov|edu|de|fr|uk|eu|ch|at|nl|it|es|pl|us|ca|au|jp|cn|in|br|ru|se|no|dk|fi|be|info|biz|local|internal|corp|lan|cloud|dev|app|co)$/;

const isFileName = (text: string): boolean => /\.(?:py|app|io|dev|co)$/.test(text) && text.split('.').length === 2;

/** Calls whose first argument is a host, whatever its ending. */
const CONNECT =
  /(?:^|\.)(?:SMTP|SMTP_SSL|IMAP4|IMAP4_SSL|FTP|FTP_TLS|HTTPSConnection|HTTPConnection|MailBox|POP3|POP3_SSL)$/;

function isHost(host: string): boolean {
  return host.includes('.')
    ? !/^[0-9.]+$/.test(host) || /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/.test(host)
    : host === 'localhost';
}

/** Host names in literals and in connecting calls, sorted. */
export function findHosts(tree: SyntaxTree, facts: Facts): string[] {
  const hosts = new Set<string>();
  const stack: SyntaxNode[] = [tree.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'string') {
      const raw = tree.text.slice(node.start, node.end);
      if (raw.includes('://')) {
        for (const match of raw.matchAll(URL_HOST)) {
          const host = (match[1] ?? '').toLowerCase();
          if (isHost(host)) hosts.add(host);
        }
      } else if (raw.length < 120 && raw.includes('.')) {
        const inner = raw.replace(/^[a-zA-Z]{0,2}['"]{1,3}/, '').replace(/['"]{1,3}$/, '');
        const bare = /^([a-z0-9.-]{4,100})(?::[0-9]{2,5})?(?:\/[^\s]{0,100})?$/i.exec(inner)?.[1]?.toLowerCase();
        if (bare !== undefined && HOST_ALONE.test(bare) && !isFileName(bare)) hosts.add(bare);
      }
    }
    for (const child of node.children) stack.push(child);
  }
  for (const call of facts.calls) {
    if (!CONNECT.test(call.name)) continue;
    const text = argumentOf(call, 0, 'host')?.text;
    const host = text === undefined ? undefined : showText(text).toLowerCase();
    if (host !== undefined && /^[a-z0-9.-]{3,100}$/.test(host) && !/^[x.]+$/.test(host) && isHost(host))
      hosts.add(host);
  }
  return [...hosts].sort();
}
