import { packagesFolder } from './distributions.ts';

/** Where a module comes from. */
export type ModuleKind = 'stdlib' | 'distribution' | 'local' | 'builtin';

/** `lib/python3.11/…`, `lib64/python311.zip`, `lib/pypy3.10/…`, and the folders of Windows. */
const STANDARD =
  /^[\\/](?:lib(?:64|-python)?[\\/](?:python|pypy)?[\d.]+(?:t|\.zip)?(?:[\\/]|$)|(?:Lib|DLLs|lib_pypy)[\\/]|python\d+\.zip)/;

/**
 * Kind of a module, from where its file lies.
 * @param basePrefix - Folder of the base interpreter.
 * @param hasDistribution - Whether metadata beside it names a distribution.
 */
export function moduleKind(
  moduleName: string,
  modulePath: string | undefined,
  basePrefix: string,
  hasDistribution: boolean,
): ModuleKind {
  if (modulePath === undefined || modulePath === '' || modulePath === 'built-in') return 'builtin';
  if (modulePath === 'frozen') return 'stdlib';
  if (hasDistribution) return 'distribution';
  if (/[\\/](?:site|dist)-packages$/.test(packagesFolder(moduleName, modulePath) ?? '')) return 'distribution';
  const isBelowBase = basePrefix !== '' && modulePath.startsWith(basePrefix);
  return isBelowBase && STANDARD.test(modulePath.slice(basePrefix.replace(/[\\/]$/, '').length)) ? 'stdlib' : 'local';
}
