/**
 * Kinds of COM servers by the beginning of the ProgID, in lower case.
 * Source: the vendors' automation references (Microsoft Office object model, ADO, Windows Script Host, CDO, SAPI;
 * SAP GUI Scripting API).
 */
const PROG_IDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['sapgui', 'COM.sap'],
  ['saprotwr', 'COM.sap'],
  ['sap.', 'COM.sap'],
  ['outlook.', 'COM.outlook'],
  ['excel.', 'COM.excel'],
  ['ket.', 'COM.excel'],
  ['et.application', 'COM.excel'],
  ['word.', 'COM.word'],
  ['kwps.', 'COM.word'],
  ['powerpoint.', 'COM.powerpoint'],
  ['access.', 'COM.access'],
  ['dao.', 'COM.access'],
  ['adodb.', 'COM.adodb'],
  ['adox.', 'COM.adodb'],
  ['wscript.shell', 'COM.wscript'],
  ['shell.application', 'COM.shell'],
  ['scripting.filesystemobject', 'COM.filesystem'],
  ['internetexplorer.', 'COM.browser'],
  ['msxml2.', 'COM.http'],
  ['winhttp.', 'COM.http'],
  ['microsoft.xmlhttp', 'COM.http'],
  ['cdo.', 'COM.cdo'],
  ['redemption.', 'COM.outlook'],
  ['lotus.', 'COM.notes'],
  ['notes.', 'COM.notes'],
  ['sapi.', 'COM.speech'],
  ['schedule.service', 'COM.schedule'],
  ['acroexch.', 'COM.acrobat'],
  ['visio.', 'COM.visio'],
  ['msproject.', 'COM.project'],
  ['onenote.', 'COM.onenote'],
  ['wbemscripting.', 'COM.wmi'],
  ['winmgmts:', 'COM.wmi'],
];

/** Dotted name that stands for objects of a COM server, such as `COM.outlook`. */
export function comTypeOf(progId: string | undefined): string {
  if (progId === undefined) return 'COM.unknown';
  const wanted = progId.toLowerCase();
  for (const [prefix, kind] of PROG_IDS) if (wanted.startsWith(prefix)) return kind;
  return 'COM.other';
}

/** Functions that return a COM object for the ProgID in their first argument. */
export const COM_FACTORIES: ReadonlySet<string> = new Set([
  'win32com.client.Dispatch',
  'win32com.client.DispatchEx',
  'win32com.client.GetObject',
  'win32com.client.GetActiveObject',
  'win32com.client.DispatchWithEvents',
  'win32com.client.gencache.EnsureDispatch',
  'win32com.client.dynamic.Dispatch',
  'win32com.gencache.EnsureDispatch',
  'win32.gencache.EnsureDispatch',
  'comtypes.client.CreateObject',
  'comtypes.client.GetActiveObject',
  'comtypes.client.CoGetObject',
  'pythoncom.GetActiveObject',
  'pythoncom.new',
  'xlwings.COM',
]);
