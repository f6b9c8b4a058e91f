/**
 * Cost of each letter after each other, in thirds of a bit, one character in base 36: rows are the first
 * letter, columns the second, a to z and then the border of a word. Measured over the words of
 * `english-words.txt` with half a count added to each pair.
 */
const COSTS = [
  'receomgoeri9e9ufw9c8ghlqjqf',
  '9jjl9plpais7lpajubcjapqqhsf',
  'augq9st9dtbdpt7orekafouulre',
  'cpni6olo8prhmndrufflfnozls5',
  'fldahhiojrodfamhn8aenilglq8',
  'buomabps6uzdqn9osbgecsuugzb',
  'cumq8nhfcszfjeeqwbflewpwoq4',
  '7pvp6rtt9tnjjh9pvekfftnziz9',
  'egcfdhfusrlde6bhsgbbpfvlshh',
  '7jil8nnsblnnjk7jnlen9sksjsc',
  'bmql7mmg9tlfmicjqgbgfoktjq7',
  '9mmh7mor8vmampamzqgffluubta',
  '6fmn7sst9wnkeobazugpfswzmzc',
  'codbbh8odpjlohemrnb9ijqulp8',
  'jiefljgnjpjcc7fez8decfgnmse',
  '9snn8pofdzubrradu8fcfrqzizd',
  'lqqlqqqlhqqhqjqqqllq1ljqqqb',
  'anhg7liraxjighbkygcdhkpzhs9',
  'fqer9orebxkjmnefqsc9drnzjq5',
  'bpim7nqd7vphmncnzbdfgqmxgo9',
  'edegdjgseskbc8ldx9aatpsnuph',
  '8tmr3pot7ttmnpdryojroprtpyb',
  '7oll8lrc8wphmcaowddmororowc',
  'elbi9uuhauunfpk8ulf8luulju7',
  'fkjmfmmrgyphgfgcykcflnlrpm2',
  '9jtm4ltg9tlihmdtttlliotthg9',
  'ceaceefgdjiedggbocadgigppoz',
].join('');

const BORDER = 26;
const SIDE = 27;

/** Mean cost of the letter pairs of a run of letters, in bits: about 3.7 for words, about 6 for random letters. */
export function pairCostBits(letters: string): number {
  let before = BORDER;
  let total = 0;
  for (let index = 0; index <= letters.length; index += 1) {
    const code = (letters.charCodeAt(index) | 32) - 97;
    const here = index < letters.length && code >= 0 && code < 26 ? code : BORDER;
    total += Number.parseInt(COSTS.charAt(before * SIDE + here), 36) / 3;
    before = here;
  }
  return total / (letters.length + 1);
}
