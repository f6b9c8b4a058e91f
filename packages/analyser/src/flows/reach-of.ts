import type { Reach } from '@sentinel/protocol';
import { showText } from '../semantics/text-template.ts';

/** Endpoints of hosted language models. Source: the vendors' API documentation. */
const LLM_HOSTS =
  /(?:^|\.)(?:api\.openai\.com|openai\.azure\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|aiplatform\.googleapis\.com|api\.mistral\.ai|api\.cohere\.(?:ai|com)|api\.groq\.com|api\.together\.xyz|openrouter\.ai|api\.deepseek\.com|api\.perplexity\.ai|huggingface\.co|api\.x\.ai|replicate\.com|dashscope\.aliyuncs\.com|api\.moonshot\.cn|fireworks\.ai)$/;

/** Endpoints of chat services. Source: the vendors' webhook documentation. */
const MESSAGING_HOSTS =
  /(?:^|\.)(?:hooks\.slack\.com|slack\.com|api\.telegram\.org|discord(?:app)?\.com|webhook\.office\.com|qyapi\.weixin\.qq\.com|oapi\.dingtalk\.com|api\.twilio\.com|graph\.facebook\.com|chat\.googleapis\.com|notify-api\.line\.me|api\.pushover\.net|ntfy\.sh|api\.twitter\.com|pushplus\.plus|sctapi\.ftqq\.com)$/;

/** Storage that people use on their own account. Source: the vendors' sites. */
const PERSONAL_HOSTS =
  /(?:^|\.)(?:dropbox(?:api|usercontent)?\.com|drive\.google\.com|transfer\.sh|pastebin\.com|file\.io|anonfiles\.com|gofile\.io|mega\.(?:nz|io)|wetransfer\.com|api\.onedrive\.com|1drv\.ms|box\.com|icloud\.com|0x0\.st|gist\.github\.com|mediafire\.com)$/;

const APPROVED_HOSTS =
  /(?:^|\.)(?:sharepoint\.com|graph\.microsoft\.com|blob\.core\.windows\.net|amazonaws\.com|storage\.googleapis\.com)$/;

const INTERNAL_HOSTS =
  /^(?:localhost|127\.[0-9.]+|10\.[0-9.]+|192\.168\.[0-9.]+|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9.]+|[^.]+|.+\.(?:local|internal|intranet|corp|lan|intra|home\.arpa))$/;

/** Host of a URL or of a bare address; undefined without one. */
export function hostOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const match = /^[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^/@\s]{0,200}@)?([A-Za-z0-9.-]{1,253})/i.exec(showText(text));
  return match?.[1]?.toLowerCase();
}

/** How far a request to a host goes. */
export function reachOfHost(host: string | undefined): Reach {
  if (host === undefined) return 'unknown';
  if (LLM_HOSTS.test(host)) return 'llm-provider';
  if (MESSAGING_HOSTS.test(host)) return 'messaging';
  if (PERSONAL_HOSTS.test(host)) return 'personal-cloud';
  if (APPROVED_HOSTS.test(host)) return 'approved-cloud';
  if (INTERNAL_HOSTS.test(host)) return 'internal';
  return 'unknown';
}

/** How far a file at a path goes: sync folders and shares leave the machine. */
export function reachOfPath(path: string | undefined): Reach {
  if (path === undefined) return 'local';
  const shown = showText(path).replaceAll('\\', '/');
  if (/(?:^|\/)OneDrive - [^/]+\//i.test(shown) || /(?:^|\/)SharePoint\//i.test(shown)) return 'approved-cloud';
  if (
    /(?:^|\/)(?:OneDrive|Dropbox|Google ?Drive|My Drive|iCloud ?Drive|Box|MEGA|pCloud ?Drive|Nextcloud)(?:\/|$)/i.test(
      shown,
    )
  ) {
    return 'personal-cloud';
  }
  if (/^\/\/[^/]+\/[^/]+/.test(shown) || shown.startsWith('smb:')) return 'share';
  return 'local';
}

const REACH_OF_KIND: Readonly<Record<string, Reach>> = {
  'mail.send': 'mail-outside',
  'mail.outlook_com': 'mail-outside',
  messaging: 'messaging',
  llm: 'llm-provider',
  'llm.local': 'local',
  db: 'internal',
  'gui.sap': 'internal',
  'gui.input': 'local',
  clipboard: 'local',
  process: 'local',
  'cloud.m365': 'approved-cloud',
  'cloud.aws': 'approved-cloud',
  'cloud.azure': 'approved-cloud',
  'cloud.gcp': 'approved-cloud',
  'cloud.google': 'approved-cloud',
  'cloud.gdrive': 'personal-cloud',
  'cloud.dropbox': 'personal-cloud',
  'cloud.box': 'personal-cloud',
  'cloud.mega': 'personal-cloud',
  'cloud.firebase': 'approved-cloud',
};

/** How far data at a sink goes, by the kind of the sink and the path or URL it names. */
export function reachOf(kind: string, detail: string | undefined): Reach {
  if (kind === 'files.write' || kind === 'spreadsheet') return reachOfPath(detail);
  if (kind === 'network.http' || kind === 'network.ftp' || kind === 'network.ssh' || kind === 'network.socket') {
    return reachOfHost(hostOf(detail));
  }
  return REACH_OF_KIND[kind] ?? 'unknown';
}
