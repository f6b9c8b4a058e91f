/** How far a host is from the company. */
export type HostReach = 'local' | 'internal' | 'approved' | 'personal-cloud' | 'messaging' | 'mail' | 'llm' | 'unknown';

/** Storage that people use on their own account, paste sites and file senders. Source: the vendors' sites. */
export const PERSONAL_CLOUD_HOSTS = [
  'dropbox.com',
  'dropboxapi.com',
  'dropboxusercontent.com',
  'drive.google.com',
  'onedrive.live.com',
  'api.onedrive.com',
  '1drv.ms',
  'icloud.com',
  'mega.nz',
  'mega.io',
  'pcloud.com',
  'mediafire.com',
  'wetransfer.com',
  'transfer.sh',
  'file.io',
  'gofile.io',
  'anonfiles.com',
  '0x0.st',
  'pastebin.com',
  'gist.github.com',
  'disk.yandex.net',
];

/** Chat services and hooks into them. Source: the vendors' webhook documentation. */
export const MESSAGING_HOSTS = [
  'slack.com',
  'api.telegram.org',
  'discord.com',
  'discordapp.com',
  'webhook.office.com',
  'chat.googleapis.com',
  'graph.facebook.com',
  'api.twilio.com',
  'qyapi.weixin.qq.com',
  'oapi.dingtalk.com',
  'notify-api.line.me',
  'api.pushover.net',
  'ntfy.sh',
  'webhook.site',
];

/** Services that send mail over HTTP. Source: the vendors' API documentation. */
export const MAIL_HOSTS = [
  'api.sendgrid.com',
  'api.mailgun.net',
  'api.eu.mailgun.net',
  'api.postmarkapp.com',
  'api.brevo.com',
  'api.mailjet.com',
  'api.resend.com',
];

/** Hosted language models. Source: the vendors' API documentation. */
export const LLM_HOSTS = [
  'api.openai.com',
  'openai.azure.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'aiplatform.googleapis.com',
  'api.mistral.ai',
  'api.cohere.ai',
  'api.cohere.com',
  'api.groq.com',
  'api.together.xyz',
  'openrouter.ai',
  'api.deepseek.com',
  'api.perplexity.ai',
  'router.huggingface.co',
  'api-inference.huggingface.co',
  'api.x.ai',
  'api.replicate.com',
  'dashscope.aliyuncs.com',
  'api.moonshot.cn',
  'api.fireworks.ai',
];

/** Mailboxes of private people. Source: the providers' sites. */
export const PRIVATE_MAIL_DOMAINS = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'me.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  'proton.me',
  'protonmail.com',
  'mail.ru',
  'yandex.ru',
  'qq.com',
  '163.com',
];

/** Addresses of this computer. Source: RFC 1122, RFC 4291. */
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|::)$/;
/** Addresses of private networks, link-local ones, and names without a public suffix. Source: RFC 1918, RFC 3927, RFC 4193, RFC 6762, RFC 8375. */
const INTERNAL =
  /^(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|f[cd][0-9a-f]{2}:.*|fe80:.*|[^.:]+|.+\.(?:local|internal|intranet|corp|lan|home\.arpa))$/i;

/** Whether a host is a name of the list or below one. */
export function isUnder(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}

/** Names that the company adds to those known here. */
export interface CompanyHosts {
  readonly internal: readonly string[];
  readonly approved: readonly string[];
  readonly personalCloud: readonly string[];
  readonly messaging: readonly string[];
}

/** How far a host is; the company's own word comes first. */
export function hostReach(name: string, company: CompanyHosts): HostReach {
  const host = name.toLowerCase();
  if (isUnder(host, company.internal)) return 'internal';
  if (isUnder(host, company.approved)) return 'approved';
  if (isUnder(host, company.personalCloud)) return 'personal-cloud';
  if (isUnder(host, company.messaging)) return 'messaging';
  if (LOCAL.test(host)) return 'local';
  if (INTERNAL.test(host)) return 'internal';
  if (isUnder(host, LLM_HOSTS)) return 'llm';
  if (isUnder(host, PERSONAL_CLOUD_HOSTS)) return 'personal-cloud';
  if (isUnder(host, MESSAGING_HOSTS)) return 'messaging';
  if (isUnder(host, MAIL_HOSTS)) return 'mail';
  return 'unknown';
}
