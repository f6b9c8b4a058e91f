import type { AnyRouter } from '@tanstack/react-router';
import type { Action } from '../ui/actions.tsx';

/** Moves the focus to the search field of the page, or to that of the scripts where the page has none. */
export function focusSearchAction(router: AnyRouter): Action {
  return {
    id: 'focus-search',
    title: 'Search',
    group: 'Everywhere',
    keys: ['/'],
    perform: () => {
      if (focusSearch()) return;
      void router.navigate({ to: '/scripts' }).then(() => setTimeout(focusSearch, 50));
    },
  };
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
  return field !== null;
}
