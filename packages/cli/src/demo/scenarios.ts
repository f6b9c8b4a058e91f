import { join } from 'node:path';
import type { DemoFolder } from './demo-folder.ts';

/** What `demo/services/make_data.py` makes for a scenario. */
export interface DataSet {
  readonly kind: 'sap' | 'mails' | 'complaints' | 'clinical' | 'bank';
  readonly path: string;
  /** Number of rows, where it is a choice. */
  readonly rows?: number;
}

/** Where the local services listen. */
export interface ServiceUrls {
  readonly erp: string;
  readonly languageModel: string;
}

/** One business script of the demo. */
export interface Scenario {
  readonly number: number;
  readonly person: string;
  readonly title: string;
  /** What the person wanted, in their words. */
  readonly wanted: string;
  /** What stands in for a thing that is not here. */
  readonly standIns: string;
  /** Folder in `demo/scripts`, and the person's folder in the data folder. */
  readonly name: string;
  readonly script: string;
  readonly services: readonly (keyof ServiceUrls)[];
  dataSet(folder: DemoFolder, patients: number): DataSet;
  /** Set for somebody who left: what still starts the script by the clock. */
  readonly leftDaysAgo?: number;
  readonly schedule?: { readonly hostName: string; readonly when: string; readonly source: string };
  /** Sections of the settings.ini beside the script. */
  settings(folder: DemoFolder, urls: ServiceUrls): Record<string, Record<string, string>>;
}

/** Rows of the clinical database, where nobody asks for fewer. */
export const PATIENTS = 2_400_000;

const LEDGER_ROWS = 15_000;
const COMPLAINTS = 120;
const STATEMENT_LINES = 800;

/** The scripts, as DESIGN's scenarios tell them. */
export const scenarios: readonly Scenario[] = [
  {
    number: 1,
    person: 'Finance analyst',
    title: 'nightly general-ledger export',
    wanted: '"Get the general ledger out of SAP every night, so that I can work on it in Excel at home."',
    standIns:
      'win32com and SAP are stand-ins: the ledger is a local SQLite file. The OneDrive folder is an ordinary folder.',
    name: 'finance',
    script: 'sap_gl_export.py',
    services: [],
    dataSet: (folder) => ({ kind: 'sap', path: join(folder.databases, 'sap.sqlite'), rows: LEDGER_ROWS }),
    settings: (folder) => ({
      sap: { company_code: '1000', account_from: '400000', account_to: '499999' },
      output: { folder: join(folder.people, 'finance', 'OneDrive - Personal', 'GL exports') },
    }),
  },
  {
    number: 2,
    person: 'Accounts payable clerk',
    title: 'invoice entry from mail attachments',
    wanted: '"Enter the invoices that vendors mail us, bank details included, without typing them."',
    standIns:
      'The ERP is a local HTTP service with a SQLite file for its Oracle database. The share is an ordinary folder.',
    name: 'accounts-payable',
    script: 'invoice_entry.py',
    services: ['erp'],
    dataSet: (folder) => ({ kind: 'mails', path: join(folder.share, 'accounts-payable', 'inbox') }),
    settings: (folder, urls) => ({
      share: { mail_folder: join(folder.share, 'accounts-payable', 'inbox') },
      erp: { url: urls.erp },
    }),
  },
  {
    number: 3,
    person: 'Clinical data manager',
    title: 'patient export and cleaning',
    wanted: '"Export all patients of the study and clean the data for the statistics team."',
    standIns: 'The clinical database is a local SQLite file.',
    name: 'clinical',
    script: 'patient_export_clean.py',
    services: [],
    dataSet: (folder, patients) => ({
      kind: 'clinical',
      path: join(folder.databases, 'clinical.sqlite'),
      rows: patients,
    }),
    settings: (folder) => ({
      clinical: { database: join(folder.databases, 'clinical.sqlite') },
      output: { folder: join(folder.people, 'clinical', 'export') },
    }),
  },
  {
    number: 4,
    person: 'Marketing assistant',
    title: 'summary of customer complaints',
    wanted: '"Summarise what customers complain about, with AI."',
    standIns: 'The language model is a local service that speaks the OpenAI API; nothing leaves this computer.',
    name: 'marketing',
    script: 'summarise_complaints.py',
    services: ['languageModel'],
    dataSet: (folder) => ({
      kind: 'complaints',
      path: join(folder.people, 'marketing', 'complaints.csv'),
      rows: COMPLAINTS,
    }),
    settings: (_folder, urls) => ({ llm: { base_url: `${urls.languageModel}/v1`, model: 'demo-large' } }),
  },
  {
    number: 5,
    person: 'Treasury analyst',
    title: 'bank reconciliation of somebody who left',
    wanted: '"Match the bank statement with the ledger every night; only I know how it works." Then she left.',
    standIns:
      'The job server is a line of a list: nothing starts the script by the clock. The directory of people is invented.',
    name: 'treasury',
    script: 'bank_reconciliation.py',
    services: [],
    leftDaysAgo: 7,
    schedule: { hostName: 'job-server', when: '30 4 * * 1-5', source: '/etc/cron.d/treasury' },
    dataSet: (folder) => ({
      kind: 'bank',
      path: join(folder.people, 'treasury', 'statement.csv'),
      rows: STATEMENT_LINES,
    }),
    settings: (folder) => ({
      input: { statement: join(folder.people, 'treasury', 'statement.csv') },
      output: { folder: join(folder.people, 'treasury', 'reconciled') },
    }),
  },
];
