/** Modules of the standard library that every supported release has. Source: https://docs.python.org/3/py-modindex.html */
const ALWAYS =
  `__future__ __main__ _thread abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2
  cProfile calendar cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib
  contextvars copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis doctest email encodings
  ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt
  getpass gettext glob grp gzip hashlib heapq hmac html http idlelib imaplib importlib inspect io ipaddress itertools json
  keyword linecache locale logging lzma mailbox marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc nt
  ntpath nturl2path numbers opcode operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib
  posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline
  reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket
  socketserver sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess symtable
  sys sysconfig syslog tabnanny tarfile tempfile termios test textwrap this threading time timeit tkinter token tokenize
  trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uuid venv warnings wave
  weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib`.split(/\s+/);

/** Modules with the first minor release of Python 3 that has them, or the first that has them no more. */
const SINCE: Readonly<Record<string, number>> = {
  graphlib: 9,
  zoneinfo: 9,
  tomllib: 11,
  annotationlib: 14,
  compression: 14,
};
const UNTIL: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['dummy_threading', '_dummy_thread'].map((name) => [name, 9])),
  ...Object.fromEntries(['formatter', 'parser', 'symbol', 'macpath'].map((name) => [name, 10])),
  binhex: 11,
  ...Object.fromEntries(['asynchat', 'asyncore', 'distutils', 'imp', 'smtpd'].map((name) => [name, 12])),
  ...Object.fromEntries(
    `aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau
    telnetlib uu xdrlib`
      .split(/\s+/)
      .map((name) => [name, 13]),
  ),
};
/** Modules that only Python 2 had. Source: PEP 3108 */
const PYTHON2 = new Set(
  `BaseHTTPServer Bastion CGIHTTPServer ConfigParser Cookie DocXMLRPCServer HTMLParser MimeWriter Queue SimpleHTTPServer
  SimpleXMLRPCServer SocketServer StringIO Tix Tkinter UserDict UserList UserString __builtin__ _winreg anydbm
  cPickle cStringIO commands compiler cookielib copy_reg dbhash dumbdbm dummy_thread exceptions fpformat future_builtins
  gdbm hotshot htmlentitydefs htmllib httplib ihooks imputil md5 mhlib mimetools mimify multifile mutex new os2emxpath
  popen2 posixfile repr rexec rfc822 robotparser sets sgmllib sha statvfs stringold strop tkColorChooser tkCommonDialog
  tkFileDialog tkFont tkMessageBox tkSimpleDialog thread toaiff ttk urllib2 urlparse user whichdb xmlrpclib`.split(
    /\s+/,
  ),
);
const ALWAYS_NAMES = new Set(ALWAYS);

/**
 * Whether a top-level module belongs to the standard library.
 *
 * @param minor Minor release of Python 3 that runs the source; without it any release counts, Python 2 as well.
 */
export function isStandardLibrary(module: string, minor?: number): boolean {
  if (ALWAYS_NAMES.has(module)) return true;
  const since = SINCE[module];
  const until = UNTIL[module];
  if (minor === undefined)
    return since !== undefined || until !== undefined || PYTHON2.has(module) || module.startsWith('_');
  return (since !== undefined && minor >= since) || (until !== undefined && minor < until) || module.startsWith('_');
}
