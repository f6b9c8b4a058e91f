import { useSyncExternalStore } from 'react';
import { readSetting, writeSetting } from './setting.ts';

/** What the reader chose: the system's colours, or always one of the two. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'sentinel.theme';
const listeners = new Set<() => void>();

/** The chosen theme and the function that chooses another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, currentTheme), setTheme];
}

/** The chosen theme. */
function currentTheme(): Theme {
  const stored = readSetting(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Chooses a theme, applies it and keeps it. */
function setTheme(theme: Theme): void {
  writeSetting(KEY, theme === 'system' ? undefined : theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
