import type { JudgeContextInput } from '../src/index.ts';

/** One run to record, and what is known when it is judged. */
export interface Recipe {
  /** File in `scripts`, without its ending. */
  readonly script: string;
  readonly context?: JudgeContextInput;
  /** Whether the script's text is analysed for the context. */
  readonly isAnalysed?: true;
  readonly env?: Readonly<Record<string, string>>;
  readonly hostName?: string;
  /** Whether the first child's run is the one to judge. */
  readonly isChild?: true;
  /** Earlier runs of the same script, really run, for the baseline; their starts may be put at another hour. */
  readonly history?: { readonly runs: number; readonly shiftMinutes?: number };
}

/** What must and must not raise a rule. */
export interface RuleRecipes {
  readonly raises: readonly Recipe[];
  readonly silent: readonly Recipe[];
}

const PAY: JudgeContextInput = {
  labels: [{ kind: 'path', match: '/mnt/share/hr/**', labels: ['personal', 'pay'], name: 'the pay list' }],
  mailDomains: ['contoso.example'],
};
const CUSTOMERS: JudgeContextInput = { labels: [{ kind: 'table', match: 'customers', labels: ['customer', 'email'] }] };
const ERP: JudgeContextInput = { businessSystems: [{ match: '**/erp.sqlite', name: 'the ERP' }] };
const verdict = (kind: 'malicious' | 'vulnerable', distribution: string) => ({
  packageVerdicts: [
    { distribution, kind, advisories: ['EXAMPLE-0001'], severity: 'high' as const, isKnownExploited: false },
  ],
});
const ALWAYS_OFF: JudgeContextInput = { calendar: { days: ['mon'], from: '00:00', to: '00:01', timeZone: 'UTC' } };
const ALWAYS_ON: JudgeContextInput = {
  calendar: { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00', timeZone: 'UTC' },
};
const EVERY_HOUR = [{ from: '00:00', to: '24:00', approvedBy: 'IT' }];
const NO_MODEL: JudgeContextInput = { ai: { approved: [] } };
const OPENAI: JudgeContextInput = { ai: { approved: ['api.openai.com'] } };
const HISTORY = { runs: 8 };
const OWNER_LEFT = { owner: 'ada', isOwnerGone: true, ownerLeftOn: '2026-11-13' };
const NIGHTLY = { hostName: 'endpoint-1', when: '15 2 * * *', source: '/etc/cron.d/chart' };

/** Recipes by rule. */
export const recipes: Readonly<Record<string, RuleRecipes>> = {
  'hardcoded-credential': {
    raises: [{ script: 'hardcoded_unused', isAnalysed: true }],
    silent: [{ script: 'environment_login', isAnalysed: true }],
  },
  'hardcoded-credential-used': {
    raises: [{ script: 'hardcoded_login', isAnalysed: true }],
    silent: [
      { script: 'hardcoded_unused', isAnalysed: true },
      { script: 'environment_login', isAnalysed: true },
    ],
  },
  'run-outside-hours': {
    raises: [{ script: 'chart', context: ALWAYS_OFF }],
    silent: [
      { script: 'chart' },
      { script: 'chart', context: ALWAYS_ON },
      { script: 'chart', context: { ...ALWAYS_OFF, schedules: EVERY_HOUR } },
    ],
  },
  'malicious-package-imported': {
    raises: [{ script: 'import_requests', context: verdict('malicious', 'requests') }],
    silent: [{ script: 'import_requests' }, { script: 'chart', context: verdict('malicious', 'requests') }],
  },
  'vulnerable-package-imported': {
    raises: [{ script: 'import_requests', context: verdict('vulnerable', 'requests') }],
    silent: [{ script: 'chart', context: verdict('vulnerable', 'requests') }],
  },
  'package-installed': {
    raises: [{ script: 'pip_install' }, { script: 'pip_install', context: verdict('malicious', 'colourama') }],
    silent: [{ script: 'pip_list' }, { script: 'import_requests' }],
  },
  'database-direct-query': {
    raises: [{ script: 'erp_read', context: ERP }],
    silent: [
      { script: 'own_notes', context: ERP },
      { script: 'erp_write', context: ERP },
    ],
  },
  'database-direct-write': {
    raises: [{ script: 'erp_write', context: ERP }],
    silent: [
      { script: 'erp_read', context: ERP },
      { script: 'own_notes', context: ERP },
    ],
  },
  'database-first-use': {
    raises: [{ script: 'daily_report', env: { REPORT_DATABASE: 'crm old.sqlite' }, history: HISTORY }],
    silent: [
      { script: 'daily_report', history: HISTORY },
      { script: 'daily_report', env: { REPORT_DATABASE: 'crm old.sqlite' }, history: { runs: 3 } },
    ],
  },
  'bulk-read': {
    raises: [
      { script: 'customers_read', context: CUSTOMERS },
      { script: 'customers_read', context: { limits: { bulkRows: 2000 } } },
    ],
    silent: [{ script: 'customers_some', context: CUSTOMERS }, { script: 'customers_read' }],
  },
  'sensitive-file-read': {
    raises: [{ script: 'share_read', context: PAY }],
    silent: [{ script: 'share_read' }, { script: 'chart', context: PAY }],
  },
  'sensitive-data-to-personal-cloud': {
    raises: [
      { script: 'onedrive_copy', context: PAY },
      { script: 'upload_dropbox', context: PAY },
      { script: 'upload_dropbox', context: { fileLabels: { '/mnt/share/hr/pay.csv': ['customer'] } } },
    ],
    silent: [
      { script: 'onedrive_own', context: PAY },
      { script: 'company_onedrive_copy', context: PAY },
      { script: 'upload_dropbox' },
    ],
  },
  'sensitive-data-mailed': {
    raises: [{ script: 'mail_outside', context: PAY }],
    silent: [{ script: 'mail_inside', context: PAY }],
  },
  'sensitive-data-to-messaging': {
    raises: [{ script: 'upload_telegram', context: PAY }],
    silent: [{ script: 'upload_intranet', context: PAY }, { script: 'upload_telegram' }],
  },
  'sensitive-data-to-unknown-host': {
    raises: [{ script: 'upload_unknown', context: PAY }],
    silent: [
      { script: 'upload_intranet', context: PAY },
      { script: 'upload_unknown', context: { ...PAY, hosts: { approved: ['collector.example.net'] } } },
      { script: 'parcel_tracking', context: PAY },
    ],
  },
  'personal-cloud-write': {
    raises: [{ script: 'onedrive_own' }, { script: 'upload_dropbox' }],
    silent: [{ script: 'company_onedrive_copy' }, { script: 'onedrive_copy', context: PAY }],
  },
  'secret-in-prompt': {
    raises: [{ script: 'prompt_secret' }],
    silent: [{ script: 'prompt_plain' }, { script: 'prompt_personal' }],
  },
  'personal-data-in-prompt': {
    raises: [{ script: 'prompt_personal' }, { script: 'prompt_personal', context: NO_MODEL }],
    silent: [
      { script: 'prompt_plain', context: NO_MODEL },
      { script: 'prompt_personal', context: OPENAI },
      { script: 'prompt_local', context: NO_MODEL },
    ],
  },
  'llm-provider-unapproved': {
    raises: [{ script: 'prompt_plain', context: NO_MODEL }],
    silent: [
      { script: 'prompt_plain', context: OPENAI },
      { script: 'prompt_plain' },
      { script: 'prompt_local', context: NO_MODEL },
    ],
  },
  'llm-token-volume': {
    raises: [{ script: 'prompt_long', context: { limits: { tokens: 1000 } } }],
    silent: [{ script: 'prompt_plain', context: { limits: { tokens: 1000 } } }],
  },
  'unusual-volume': {
    raises: [{ script: 'daily_report', env: { REPORT_ROWS: '2000' }, history: HISTORY }],
    silent: [
      { script: 'daily_report', env: { REPORT_ROWS: '30' }, history: HISTORY },
      { script: 'daily_report', env: { REPORT_ROWS: '2000' }, history: { runs: 3 } },
    ],
  },
  'unusual-host': {
    raises: [{ script: 'daily_report', env: { REPORT_HOST: 'collector.example.net' }, history: HISTORY }],
    silent: [{ script: 'daily_report', history: HISTORY }],
  },
  'unusual-hour': {
    raises: [{ script: 'daily_report', history: { runs: 8, shiftMinutes: 420 } }],
    silent: [{ script: 'daily_report', history: HISTORY }],
  },
  'unusual-machine': {
    raises: [{ script: 'daily_report', hostName: 'endpoint-2', history: HISTORY }],
    silent: [{ script: 'daily_report', history: HISTORY }],
  },
  'resource-abuse': {
    raises: [{ script: 'burn_cpu', context: { limits: { cpuMs: 1000 } } }],
    silent: [{ script: 'chart', context: { limits: { cpuMs: 1000 } } }, { script: 'burn_cpu' }],
  },
  'request-storm': {
    raises: [{ script: 'storm', context: { limits: { requests: 200, requestsPerSecond: 5 } } }],
    silent: [{ script: 'parcel_tracking', context: { limits: { requests: 200 } } }],
  },
  'credential-store-read': {
    raises: [{ script: 'browser_passwords' }],
    silent: [{ script: 'ssh_public' }, { script: 'share_read' }],
  },
  keylogging: { raises: [{ script: 'keylogger' }], silent: [{ script: 'press_keys' }] },
  'screen-capture': { raises: [{ script: 'screenshots' }], silent: [{ script: 'press_keys' }] },
  persistence: { raises: [{ script: 'autostart' }], silent: [{ script: 'write_settings' }] },
  'downloaded-code-run': {
    raises: [{ script: 'download_and_run' }, { script: 'download_program' }],
    silent: [{ script: 'download_data' }, { script: 'git_status' }],
  },
  'listener-opened': { raises: [{ script: 'listen_all' }], silent: [{ script: 'listen_local' }] },
  'probe-tampering': { raises: [{ script: 'tamper' }], silent: [{ script: 'own_notes' }] },
  'observation-gap': {
    raises: [{ script: 'vanish', isChild: true }],
    silent: [{ script: 'vanish' }, { script: 'chart' }],
  },
  'sensitive-copy-left': {
    raises: [
      { script: 'customers_export', context: CUSTOMERS },
      {
        script: 'chart',
        context: { leftFiles: [{ path: '/home/ada/scripts/customers.csv', ageDays: 12, labels: ['customer'] }] },
      },
    ],
    silent: [
      { script: 'customers_export_delete', context: CUSTOMERS },
      { script: 'customers_some', context: CUSTOMERS },
      { script: 'onedrive_copy', context: PAY },
    ],
  },
  'sap-gui-automation': { raises: [{ script: 'sap_read' }], silent: [{ script: 'excel_com' }] },
  'script-unreviewed': {
    raises: [
      { script: 'customers_read', context: { ...CUSTOMERS, script: { sanction: 'unreviewed' } } },
      { script: 'chart', context: { script: { sanction: 'unsanctioned' } } },
    ],
    silent: [
      { script: 'chart', context: { script: { sanction: 'unreviewed' } } },
      { script: 'customers_read', context: { ...CUSTOMERS, script: { sanction: 'sanctioned' } } },
    ],
  },
  'owner-unknown': {
    raises: [{ script: 'chart', context: { script: { owner: null } } }],
    silent: [
      { script: 'chart' },
      { script: 'chart', context: { script: { owner: 'ada' } } },
      { script: 'chart', context: { script: OWNER_LEFT } },
    ],
  },
  'script-without-living-owner': {
    raises: [
      { script: 'chart', context: { script: OWNER_LEFT } },
      { script: 'chart', context: { script: { owner: null, isOwnerGone: true } } },
      { script: 'chart', context: { script: { ...OWNER_LEFT, activeSchedules: [NIGHTLY] } } },
    ],
    silent: [
      { script: 'chart' },
      { script: 'chart', context: { script: { owner: null } } },
      { script: 'chart', context: { script: { owner: 'ada', isOwnerGone: false, activeSchedules: [NIGHTLY] } } },
    ],
  },
  'schedule-without-living-owner': {
    raises: [
      { script: 'chart', context: { script: { ...OWNER_LEFT, activeSchedules: [NIGHTLY] } } },
      {
        script: 'chart',
        context: { script: { ...OWNER_LEFT, activeSchedules: [NIGHTLY, { ...NIGHTLY, hostName: 'endpoint-2' }] } },
      },
    ],
    silent: [
      { script: 'chart' },
      { script: 'chart', context: { script: OWNER_LEFT } },
      { script: 'chart', context: { script: { owner: 'ada', activeSchedules: [NIGHTLY] } } },
    ],
  },
};
