/** Table as the page gets it. */
interface Table {
  readonly id: string;
  readonly columns: readonly { readonly title: string; readonly kind?: string }[];
  readonly filters: readonly number[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/**
 * Script of the report's page: search, filters and order of the inventory, print, colours. It shows text only as text.
 * The report carries the source of this function; it must use nothing from outside itself but the browser.
 */
export function reportPage(): void {
  const PAGE_ROWS = 40;
  const find = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
  const tables = JSON.parse(find('data').textContent) as Table[];
  const tools = find('tools');
  const table = find('rows') as HTMLTableElement;
  const foot = find('foot');
  const panel = find('table');
  const tabs = [...document.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  const view = {
    table: tables[0] as Table,
    text: '',
    chosen: new Map<number, string>(),
    order: -1,
    isDown: false,
    shown: PAGE_ROWS,
  };

  function make<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    facts: Partial<HTMLElementTagNameMap[K]>,
    ...children: (Node | string)[]
  ): HTMLElementTagNameMap[K] {
    const element = Object.assign(document.createElement(tag), facts);
    element.append(...children);
    return element;
  }

  function compare(a: string | number = '', b: string | number = ''): number {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return String(a).localeCompare(String(b), 'en', { numeric: true });
  }

  function matching(): Table['rows'] {
    const words = view.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const rows = view.table.rows.filter(
      (row) =>
        [...view.chosen].every(([column, value]) => value === '' || String(row[column]) === value) &&
        words.every((word) => row.some((cell) => String(cell).toLowerCase().includes(word))),
    );
    if (view.order < 0) return rows;
    const sign = view.isDown ? -1 : 1;
    return rows.toSorted((a, b) => sign * compare(a[view.order], b[view.order]));
  }

  function cellOf(value: string | number, kind: string | undefined): HTMLTableCellElement {
    const cell = make('td', {});
    if (kind === 'path') {
      cell.className = 'path';
      for (const part of String(value).split(/(?<=[/\\])/)) cell.append(part, make('wbr', {}));
      return cell;
    }
    if (kind !== undefined) cell.className = 'number';
    cell.textContent = typeof value === 'number' && kind === 'number' ? value.toLocaleString('en-US') : String(value);
    return cell;
  }

  function drawRows(): void {
    const rows = matching();
    const shown = rows.slice(0, view.shown);
    const { columns } = view.table;
    const drawn = shown.map((row) => make('tr', {}, ...row.map((value, index) => cellOf(value, columns[index]?.kind))));
    table.tBodies[0]?.replaceChildren(...drawn);
    const total = view.table.rows.length;
    const part = shown.length < rows.length ? `, ${shown.length.toLocaleString('en-US')} shown` : '';
    const count = `${rows.length.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}${part}`;
    foot.replaceChildren(total === 0 ? 'Nothing of this sort was found.' : make('output', {}, count));
    if (shown.length === rows.length) return;
    const more = make('button', { type: 'button' }, 'Show more');
    more.addEventListener('click', () => {
      view.shown += PAGE_ROWS * 10;
      drawRows();
    });
    foot.append(more);
  }

  function drawHead(): void {
    const heads = view.table.columns.map(({ title, kind }, index) => {
      const isOrdered = view.order === index;
      const arrow = isOrdered ? (view.isDown ? ' ↓' : ' ↑') : '';
      const button = make('button', { type: 'button' }, `${title}${arrow}`);
      button.addEventListener('click', () => {
        view.isDown = isOrdered ? !view.isDown : kind === 'score' || kind === 'number';
        view.order = index;
        drawHead();
        drawRows();
        table.tHead?.querySelectorAll('button')[index]?.focus();
      });
      const isNumber = kind === 'number' || kind === 'score';
      const head = make('th', { scope: 'col', className: isNumber ? 'number' : '' }, button);
      if (isOrdered) head.ariaSort = view.isDown ? 'descending' : 'ascending';
      return head;
    });
    table.tHead?.replaceChildren(make('tr', {}, ...heads));
  }

  function drawTools(): void {
    const search = make('input', { type: 'search', placeholder: 'Words of any column' });
    search.addEventListener('input', () => {
      view.text = search.value;
      view.shown = PAGE_ROWS;
      drawRows();
    });
    tools.replaceChildren(make('label', { className: 'grow' }, 'Search', search));
    for (const column of view.table.filters) {
      const values = new Set(view.table.rows.map((row) => String(row[column])).filter((value) => value !== ''));
      if (values.size < 2) continue;
      const options = [...values].toSorted(compare).map((value) => make('option', { value }, value));
      const select = make('select', {}, make('option', { value: '' }, 'All'), ...options);
      select.addEventListener('change', () => {
        view.chosen.set(column, select.value);
        view.shown = PAGE_ROWS;
        drawRows();
      });
      tools.append(make('label', {}, view.table.columns[column]?.title ?? '', select));
    }
  }

  function choose(tab: HTMLButtonElement): void {
    for (const other of tabs) {
      other.ariaSelected = String(other === tab);
      other.tabIndex = other === tab ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', tab.id);
    const chosen = tables.find(({ id }) => id === tab.dataset['table']) ?? view.table;
    Object.assign(view, { table: chosen, text: '', chosen: new Map(), order: -1, isDown: false, shown: PAGE_ROWS });
    drawTools();
    drawHead();
    drawRows();
  }

  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(tab));
    tab.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      if (step === 0 || next === undefined) return;
      next.focus();
      choose(next);
    });
  }

  // Print shows what a reader of paper can use: every finding open, and the head of the table.
  const opened: HTMLDetailsElement[] = [];
  let shownBefore = PAGE_ROWS;
  globalThis.addEventListener('beforeprint', () => {
    shownBefore = view.shown;
    view.shown = PAGE_ROWS;
    drawRows();
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
      details.open = true;
      opened.push(details);
    }
  });
  globalThis.addEventListener('afterprint', () => {
    view.shown = shownBefore;
    drawRows();
    for (const details of opened.splice(0)) details.open = false;
  });

  const theme = find('theme') as HTMLButtonElement;
  const root = document.documentElement;
  const isDark = (): boolean => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    return (root.dataset['theme'] ?? system) === 'dark';
  };
  const nameTheme = (): void => {
    theme.textContent = isDark() ? 'Light' : 'Dark';
    theme.ariaLabel = `Show in ${isDark() ? 'light' : 'dark'} colours`;
  };
  theme.hidden = false;
  nameTheme();
  theme.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    nameTheme();
  });
  if (tabs[0] !== undefined) choose(tabs[0]);
}
