/** Sources that break analysers: made here, not read from anywhere. For tests. */
export function hostileSources(): Map<string, Uint8Array> {
  const text = new TextEncoder();
  const of = (source: string): Uint8Array => text.encode(source);
  let ifs = '';
  for (let depth = 0; depth < 900; depth += 1) ifs += `${' '.repeat(depth)}if x:\n`;
  const junk = new Uint8Array(200_000);
  let state = 1;
  for (let at = 0; at < junk.length; at += 1) {
    state = (state * 48_271) % 2_147_483_647;
    junk[at] = state & 255;
  }
  let functions = '';
  for (let at = 0; at < 400; at += 1)
    functions += `def f${at}(x):\n    f${at + 1}(x)\n    return f${at + 1}(x) + f${(at * 7) % 400}(x)\n`;
  return new Map([
    ['5,000 nested brackets', of(`x = ${'('.repeat(5_000)}1${')'.repeat(5_000)}\nimport requests\n`)],
    ['5,000 open brackets', of(`import requests\n${'['.repeat(5_000)}`)],
    ['chain of 20,000 calls', of(`import requests\nx${'.a()'.repeat(20_000)}\n`)],
    ['sum of 20,000 texts', of(`import requests\nx = ${'"a" + '.repeat(20_000)}"b"\n`)],
    ['NUL bytes', of('import requests\n\u0000\u0000x = 1\u0000\n')],
    ['byte order mark', of('\uFEFFimport requests\n')],
    ['CR line ends', of('import requests\rrequests.get("https://a.example")\r')],
    ['form feeds', of('import requests\n\f\nrequests.get("https://a.example")\n')],
    ['lone surrogate', Buffer.from('import requests\nx = "\uD800"\n', 'utf16le').subarray(0)],
    [
      'lone surrogate with mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('import requests\nx = "\uD800"\n', 'utf16le')]),
    ],
    ['line of 5 MB', of(`import requests\nx = [${'1, '.repeat(1_700_000)}]\n`)],
    ['900 nested ifs', of(`import requests\n${ifs}${' '.repeat(900)}pass\n`)],
    ['text of 6 MB', of(`import requests\nx = "${'a'.repeat(6_000_000)}"\n`)],
    ['binary junk', junk],
    ['20,000 decorators', of(`import requests\n${'@d\n'.repeat(20_000)}def f(): pass\n`)],
    ['functions that all call one another', of(`import requests\n${functions}f0(input())\n`)],
    ['3,000 nested f-strings', of(`import requests\nx = ${'f"{'.repeat(3_000)}1${'}"'.repeat(3_000)}\n`)],
    ['5,000 nested lambdas', of(`import requests\nx = ${'lambda: '.repeat(5_000)}1\n`)],
    [
      'class of itself',
      of('import requests\nclass A(A): pass\nclass B(A, B):\n    def m(self): return self.m()\nB().m()\n'),
    ],
    [
      'format bombs',
      of(`import requests\nx = "%s" * 1000000 % ("a" * 100000)\n${'y = x + x; x = y + y\n'.repeat(200)}`),
    ],
    ['unclosed triple quote', of(`import requests\n${'"""'.repeat(1_001)}\n`)],
    ['deep elif', of(`import requests\nif a: pass\n${'elif a: pass\n'.repeat(20_000)}`)],
    ['empty', of('')],
  ]);
}
