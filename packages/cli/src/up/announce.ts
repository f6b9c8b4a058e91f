import { styleText } from 'node:util';

/** One event of `sentinel up`, as `--json` prints it. */
export type UpEvent =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'ready'; readonly url: string; readonly signInUrl: string; readonly dataFolder: string }
  | { readonly kind: 'demo'; readonly text: string }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'stopped'; readonly text: string };

/** Tells a person or a program how `sentinel up` gets on. */
export interface Announcer {
  announce(event: UpEvent): void;
}

/**
 * Writes events as text for a terminal, or as JSON lines.
 * On a terminal a progress line replaces the one before it; in a pipe every event is a line.
 */
export function createAnnouncer(out: NodeJS.WriteStream, asJson: boolean): Announcer {
  const isTerminal = out.isTTY && !asJson;
  let hasProgressLine = false;
  const line = (text: string) => {
    if (hasProgressLine) out.write('\r\u001b[2K');
    hasProgressLine = false;
    out.write(`${text}\n`);
  };
  return {
    announce(event) {
      if (asJson) {
        out.write(`${JSON.stringify(event)}\n`);
        return;
      }
      switch (event.kind) {
        case 'progress':
          if (isTerminal) {
            out.write(`\r\u001b[2K${styleText('dim', `· ${event.text}`)}`);
            hasProgressLine = true;
          } else {
            line(`· ${event.text}`);
          }
          break;
        case 'ready':
          line('');
          line(`  ${styleText('bold', 'Sentinel is running.')}`);
          line('');
          line(`  Sign in    ${styleText('cyan', event.signInUrl)}`);
          line(`             ${styleText('dim', 'one-time link, valid for 15 minutes; every start prints a new one')}`);
          line(`  Console    ${event.url}`);
          line(`  Data       ${event.dataFolder}`);
          line('');
          line('  See a script of yours:   npx sentinel run -- python3 your_script.py');
          line('  Play the demo:           npx sentinel demo');
          line(`  ${styleText('dim', 'Ctrl-C stops it; the data stays.')}`);
          line('');
          break;
        case 'problem':
          line(`${styleText('red', '!')} ${event.text}`);
          break;
        case 'demo':
        case 'stopped':
          line(event.text);
          break;
      }
    },
  };
}
