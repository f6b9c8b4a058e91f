import { loadParser, parsePython, type SyntaxNode } from './parse.ts';

/** Files and database tables that literals of a source name, sorted. */
export interface NamedPlaces {
  readonly files: string[];
  readonly tables: string[];
}

const MAX_NAMES = 1000;
const MAX_LENGTH = 500;
/** A text that is surely a place: rooted, of the home folder, relative by a dot, a drive, a share. */
const ROOTED = /^(?:~?\/|\.{1,2}[/\\]|[A-Za-z]:[/\\]|\\\\)[^\n]+$/;
/** A text with folders or an ending as files of data and programs have one. */
const FILE =
  /^[^\n:*?"<>|{}=]*\.(?:csv|tsv|txt|log|json|jsonl|xml|ya?ml|toml|ini|cfg|conf|env|xlsx?|xlsm|xlsb|docx?|pptx?|pdf|parquet|feather|arrow|pkl|pickle|npy|npz|h5|hdf5?|db|sqlite3?|mdb|accdb|sql|zip|gz|tgz|tar|7z|bz2|py|pyw|ipynb|sh|bat|cmd|ps1|exe|dll|so|html?|md|eml|msg|pem|key|crt|p12|pfx|kdbx|dat|bin|bak|tmp)$/i;
const STATEMENT = /\b(?:select|insert|update|delete|merge|truncate|drop|alter|create|replace|with)\b/i;
const NAME = String.raw`[A-Za-z_"\x60\[#@][\w."\x60\]\[$#@]*`;
const TABLE = new RegExp(String.raw`\b(?:from|join|into|update|table|using)\s+(${NAME}(?:\s*,\s*${NAME})*)`, 'gi');
/** Words that stand where a table could. */
const NO_TABLE = /^(?:select|set|values|if|only|lateral|where|dual|exists)$/i;

/**
 * What a source names as constants: the difference between two versions of a script that share their syntax is in here, or in nothing
 * that is a file or a table. Misses: names that are put together from pieces that look like neither.
 *
 * @throws {ParseRefused} when the text is beyond the parser's limits.
 */
export async function namedPlaces(text: string): Promise<NamedPlaces> {
  await loadParser();
  const tree = parsePython(text);
  const files = new Set<string>();
  const tables = new Set<string>();
  const stack: SyntaxNode[] = [tree.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'string') addPlaces(contentOf(tree.text.slice(node.start, node.end)), files, tables);
    for (const child of node.children) stack.push(child);
  }
  return { files: named(files), tables: named(tables) };
}

function addPlaces(content: string, files: Set<string>, tables: Set<string>): void {
  if (STATEMENT.test(content)) {
    for (const [, list = ''] of content.matchAll(TABLE))
      for (const name of list.split(',')) {
        const plain = name
          .trim()
          .replaceAll(/["`[\]]/g, '')
          .toLowerCase();
        if (plain !== '' && !NO_TABLE.test(plain)) tables.add(plain);
      }
    return;
  }
  if (content.length > MAX_LENGTH || content.includes('://')) return;
  if (ROOTED.test(content) || FILE.test(content)) files.add(content);
}

/** What stands between the quotes, doubled backslashes made one. */
function contentOf(literal: string): string {
  const inner = /^([A-Za-z]{0,2})("""|'''|"|')([\s\S]*)\2$/.exec(literal);
  if (inner === null) return literal;
  const [, prefix = '', , content = ''] = inner;
  return /r/i.test(prefix) ? content : content.replaceAll('\\\\', '\\');
}

function named(found: ReadonlySet<string>): string[] {
  return [...found].sort().slice(0, MAX_NAMES);
}
