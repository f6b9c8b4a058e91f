/** Words for where data comes from or goes to, by the id that flows have. */
const WORDS: Readonly<Record<string, string>> = {
  'browser.automation': 'a browser',
  clipboard: 'the clipboard',
  'cloud.aws': 'Amazon Web Services',
  'cloud.azure': 'Azure',
  'cloud.box': 'Box',
  'cloud.dropbox': 'Dropbox',
  'cloud.firebase': 'Firebase',
  'cloud.gcp': 'Google Cloud',
  'cloud.gdrive': 'Google Drive',
  'cloud.google': 'Google',
  'cloud.m365': 'Microsoft 365',
  'cloud.mega': 'Mega',
  csv: 'a CSV file',
  db: 'a database',
  'document.pdf': 'a PDF',
  'files.read': 'file',
  'files.write': 'file',
  'gui.input': 'typed keys',
  'gui.sap': 'SAP',
  llm: 'a language model',
  'llm.local': 'a local language model',
  'mail.outlook_com': 'Outlook',
  'mail.read': 'mail',
  'mail.send': 'mail',
  messaging: 'a messenger',
  'network.ftp': 'FTP',
  'network.http': 'HTTP',
  'network.server': 'requests',
  'network.socket': 'a socket',
  'network.ssh': 'SSH',
  process: 'another program',
  'prompt.secret': 'a typed password',
  'prompt.user': 'what people type',
  screenshot: 'the screen',
  secret: 'a credential',
  spreadsheet: 'a workbook',
};

/** What people call a source or sink; the id itself where nobody gave it a word. */
export function dataPlaceWord(kind: string): string {
  return WORDS[kind] ?? kind;
}
