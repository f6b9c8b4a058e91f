/** Names that well-known modules export with a star. Source: the modules' own documentation. */
const EXPORTS: Readonly<Record<string, ReadonlySet<string>>> = {
  tkinter: new Set(
    (
      'Tk Toplevel Frame Label Button Entry Text Canvas Listbox Menu Scrollbar Checkbutton Radiobutton Scale Spinbox ' +
      'StringVar IntVar DoubleVar BooleanVar PhotoImage messagebox filedialog simpledialog END LEFT RIGHT TOP BOTTOM ' +
      'BOTH X Y W E N S NORMAL DISABLED LabelFrame PanedWindow Message Menubutton OptionMenu'
    ).split(' '),
  ),
  'tkinter.ttk': new Set('Combobox Treeview Progressbar Notebook Style Separator Sizegrip'.split(' ')),
  socket: new Set(
    'socket AF_INET SOCK_STREAM SOCK_DGRAM create_connection gethostbyname gethostname SOL_SOCKET SO_REUSEADDR'.split(
      ' ',
    ),
  ),
  os: new Set('system listdir remove rename getcwd chdir mkdir makedirs walk environ path popen'.split(' ')),
  ctypes: new Set('windll cdll CDLL WinDLL byref Structure c_int c_char_p POINTER sizeof'.split(' ')),
  time: new Set('sleep time strftime localtime'.split(' ')),
  math: new Set('sin cos sqrt pi floor ceil pow'.split(' ')),
  random: new Set('random randint choice shuffle sample uniform'.split(' ')),
  'selenium.webdriver': new Set('Chrome Firefox Edge Remote ChromeOptions'.split(' ')),
};

/** Module from which a name came with a star: a known export, else the only module that could have it. */
export function starModuleOf(modules: readonly string[], name: string): string | undefined {
  let open: string | undefined;
  let openCount = 0;
  for (const module of modules) {
    const exports = EXPORTS[module] ?? EXPORTS[module.toLowerCase()];
    if (exports === undefined) {
      if (!module.startsWith('.')) {
        open = module;
        openCount += 1;
      }
    } else if (exports.has(name)) return module.toLowerCase();
  }
  return openCount === 1 ? open : undefined;
}
