import { join } from 'node:path';
import type { PackageInstalled } from '@sentinel/protocol';
import { readSmallText } from './file-facts.ts';

/** Name of a distribution in its normal form. Source: PEP 503. */
export function normaliseDistribution(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/**
 * Distributions that a folder of installed packages holds, by the names of their records.
 * @param names - Names in the folder.
 * @param isSystem - Whether the system's package manager owns the folder.
 */
export function installedPackages(site: string, names: readonly string[], isSystem: boolean): PackageInstalled[] {
  const found: PackageInstalled[] = [];
  for (const name of names) {
    if (name.endsWith('.dist-info')) found.push(fromDistInfo(site, name, isSystem));
    else if (name.endsWith('.egg-info') || name.endsWith('.egg')) {
      const stem = name.replace(/\.egg(?:-info)?$/, '').split('-');
      if (stem[0] === undefined || stem[0] === '') continue;
      const version = stem[1] ?? eggVersion(site, name);
      found.push({
        distribution: normaliseDistribution(stem[0]),
        ...(version === undefined ? {} : { version }),
        site,
        ...(isSystem ? { installer: 'system' } : {}),
      });
    } else if (name.endsWith('.egg-link')) {
      found.push({ distribution: normaliseDistribution(name.slice(0, -'.egg-link'.length)), site, isEditable: true });
    }
  }
  return found;
}

function fromDistInfo(site: string, folder: string, isSystem: boolean): PackageInstalled {
  const stem = folder.slice(0, -'.dist-info'.length);
  const at = stem.indexOf('-');
  const name = at < 0 ? stem : stem.slice(0, at);
  const version = at < 0 ? undefined : stem.slice(at + 1);
  const installer =
    readSmallText(join(site, folder, 'INSTALLER'), 1024)
      ?.trim()
      .toLowerCase() ?? (isSystem ? 'system' : undefined);
  const direct = readSmallText(join(site, folder, 'direct_url.json'), 16_384);
  const { origin, isEditable } = direct === undefined ? {} : parseDirectUrl(direct);
  return {
    distribution: normaliseDistribution(name),
    ...(version === undefined ? {} : { version }),
    site,
    ...(installer === undefined || installer === '' ? {} : { installer }),
    ...(origin === undefined ? {} : { origin }),
    ...(isEditable === true ? { isEditable } : {}),
  };
}

/** Address and kind out of `direct_url.json`, without any credential. Source: PEP 610. */
export function parseDirectUrl(text: string): { origin?: string; isEditable?: boolean } {
  try {
    const value = JSON.parse(text) as { url?: unknown; dir_info?: { editable?: unknown } } | null;
    if (value === null || typeof value.url !== 'string') return {};
    const url = new URL(value.url);
    url.username = '';
    url.password = '';
    url.search = '';
    return { origin: url.href, isEditable: value.dir_info?.editable === true };
  } catch {
    return {};
  }
}

function eggVersion(site: string, name: string): string | undefined {
  const text = readSmallText(join(site, name, 'PKG-INFO')) ?? readSmallText(join(site, name));
  return /^Version: *(\S+)/m.exec(text ?? '')?.[1];
}
