import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { readSetting, writeSetting } from './setting.ts';

/** Something a person can do on the page, by its keys or by a button. */
export interface Action {
  readonly id: string;
  /** What it does, for the help dialog. */
  readonly title: string;
  readonly group: 'Go to' | 'This page' | 'Everywhere';
  /** Keys in their order: `['g', 's']`, `['/']`, `[' ']`. */
  readonly keys: readonly string[];
  readonly perform: () => void;
}

interface Registry {
  readonly actions: readonly Action[];
  readonly areSingleKeysOn: boolean;
  readonly setSingleKeys: (on: boolean) => void;
  readonly register: (actions: readonly Action[]) => () => void;
}

const RegistryContext = createContext<Registry | undefined>(undefined);
const KEY = 'sentinel.single-keys';
/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200;

/** Holds the registered actions and performs them on their keys. */
export function ActionProvider({ children }: { readonly children: ReactNode }) {
  const [groups, setGroups] = useState<readonly (readonly Action[])[]>([]);
  const [areSingleKeysOn, setOn] = useState(() => readSetting(KEY) !== 'off');
  const registry = useMemo<Registry>(
    () => ({
      actions: groups.flat(),
      areSingleKeysOn,
      setSingleKeys: (on) => {
        writeSetting(KEY, on ? undefined : 'off');
        setOn(on);
      },
      register: (actions) => {
        setGroups((present) => [...present, actions]);
        return () => setGroups((present) => present.filter((group) => group !== actions));
      },
    }),
    [groups, areSingleKeysOn],
  );
  useKeys(registry);
  return <RegistryContext value={registry}>{children}</RegistryContext>;
}

/** The registry, for the help dialog. */
export function useActionRegistry(): Registry {
  const registry = useContext(RegistryContext);
  if (registry === undefined) throw new Error('useActionRegistry needs an ActionProvider above it');
  return registry;
}

/** Registers actions while the component is on the page. The array must keep its identity. */
export function useActions(actions: readonly Action[]): void {
  const { register } = useActionRegistry();
  const latest = useRef(register);
  useEffect(() => latest.current(actions), [actions]);
}

function useKeys({ actions, areSingleKeysOn }: Registry): void {
  useEffect(() => {
    // WCAG 2.2, 2.1.4: single keys can be switched off.
    if (!areSingleKeysOn) return;
    let typed: string[] = [];
    let last = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
      if (takesKeys(event.target, event.key) || document.querySelector('[role="dialog"], [role="menu"]') !== null)
        return;
      const now = performance.now();
      typed = now - last > SEQUENCE_MS ? [event.key] : [...typed.slice(-1), event.key];
      last = now;
      const action = actions.find(({ keys }) => keys.join('') === typed.slice(-keys.length).join(''));
      if (action === undefined) return;
      event.preventDefault();
      typed = [];
      action.perform();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [actions, areSingleKeysOn]);
}

/** Whether the element at the focus makes its own use of the key. */
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement || target instanceof SVGElement)) return false;
  if (
    target.closest('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]') !== null
  )
    return true;
  return key === ' ' && target.closest('button, a, summary, input, [role="listbox"], [role="menuitem"]') !== null;
}
