import { useEffect, useRef, useState } from 'react';
import { CheckIcon, CopyIcon } from './icons.tsx';

/** A small button that copies a text. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { copied, copy } = useCopy(text);
  return (
    <>
      <button type="button" className="icon-button above-row" onClick={copy} title={label} aria-label={label}>
        {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      </button>
      <output className="visually-hidden">{copied ? 'Copied' : ''}</output>
    </>
  );
}

/** A command line with a button that copies it. */
export function CommandLine({ command }: { readonly command: string }) {
  const { copied, copy } = useCopy(command);
  return (
    <div className="command">
      <code>{command}</code>
      <button type="button" className="command__copy" onClick={copy} aria-label={`Copy the command ${command}`}>
        {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </button>
    </div>
  );
}

function useCopy(text: string): { copied: boolean; copy: () => void } {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const write = async () => {
    setCopied(await writeClipboard(text));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
  };
  const copy = () => void write();
  return { copied, copy };
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS on another host than localhost the clipboard interface is missing; the old command works there.
    return writeThroughSelection(text);
  }
}

function writeThroughSelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
