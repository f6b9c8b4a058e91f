/** Built-in functions that matter by name. Source: Python documentation, built-in functions. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    'abs aiter all any anext ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict ' +
    'dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int ' +
    'isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range ' +
    'raw_input repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ ' +
    'execfile file unicode xrange reduce reload unichr basestring long cmp apply intern exit quit copyright ' +
    'Exception BaseException ValueError TypeError KeyError IndexError RuntimeError OSError IOError StopIteration ' +
    'NotImplementedError AttributeError ImportError FileNotFoundError PermissionError ZeroDivisionError SystemExit ' +
    'KeyboardInterrupt ConnectionError TimeoutError UnicodeDecodeError AssertionError EnvironmentError NameError ' +
    'FileExistsError IsADirectoryError NotADirectoryError InterruptedError BlockingIOError BrokenPipeError ' +
    'ArithmeticError OverflowError LookupError MemoryError ModuleNotFoundError RecursionError Warning UserWarning ' +
    'DeprecationWarning EOFError GeneratorExit StopAsyncIteration SyntaxError UnicodeError WindowsError'
  ).split(' '),
);

/** Built-ins whose result says nothing of the data that went in. */
export const CLEANING_BUILTINS: ReadonlySet<string> = new Set(
  'all any bool callable hasattr hash id isinstance issubclass len print range type exit quit help dir'.split(' '),
);

/** Methods through which an argument becomes part of the receiver, whatever it is. */
export const MUTATORS: ReadonlySet<string> = new Set(
  (
    'append extend insert add update setdefault appendleft put put_nowait push writerow writerows add_row set_payload ' +
    'set_content add_attachment attach add_header add_alternative add_paragraph add_run add_part'
  ).split(' '),
);

/** Methods of texts whose arguments shape the result without being part of it. */
export const SHAPING_METHODS: ReadonlySet<string> = new Set(
  'split rsplit strip lstrip rstrip partition rpartition splitlines encode decode astype strftime round head tail'.split(
    ' ',
  ),
);

/** Methods whose result says little of the text: a place, a count, yes or no. */
export const TESTING_METHODS: ReadonlySet<string> = new Set(
  'startswith endswith isdigit isalpha isnumeric exists is_file is_dir'.split(' '),
);

/** Methods of texts and bytes whose result keeps the text as it is for the eye of a path or host. */
export const KEEPING_METHODS: ReadonlySet<string> = new Set(
  'strip rstrip lstrip encode decode expanduser expandvars resolve absolute as_posix as_uri copy'.split(' '),
);
