import { useMutation } from '@tanstack/react-query';
import { encodeQR } from 'qr';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

interface Props {
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** Sets up an authenticator app: shows its key, checks a code, gives the recovery codes. */
export function TotpDialog({ onClose, onDone }: Props) {
  const [code, setCode] = useState('');
  const start = useMutation({ mutationFn: () => client.startTotp({ body: {} }) });
  const confirm = useMutation({
    mutationFn: (body: { token: string; code: string }) => client.confirmTotp({ body }),
    onSuccess: onDone,
  });
  const { mutate: begin } = start;
  useEffect(() => begin(), [begin]);
  return (
    <Dialog title="Set up an authenticator app" isOpen onClose={onClose}>
      {confirm.data === undefined ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (start.data !== undefined) confirm.mutate({ token: start.data.token, code });
          }}
        >
          {start.isError ? <ProblemNotice error={start.error} onRetry={() => start.mutate()} /> : null}
          {start.data === undefined ? (
            <Skeleton lines={4} />
          ) : (
            <>
              <p>Scan this with the app, or type the key into it.</p>
              <QrCode text={start.data.uri} />
              <CommandLine command={start.data.secret} />
            </>
          )}
          <label className="field">
            <span className="field__label">Code that the app shows now</span>
            <input
              className="input"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="\d{6}"
              required
              value={code}
              onChange={(event) => setCode(event.target.value.trim())}
            />
          </label>
          {confirm.isError ? <ProblemNotice error={confirm.error} /> : null}
          <div className="dialog__actions">
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" type="submit" disabled={confirm.isPending || start.data === undefined}>
              {confirm.isPending ? 'Checking …' : 'Turn on'}
            </Button>
          </div>
        </form>
      ) : (
        <div className="stack" aria-live="polite">
          <p>
            Each of these works once when the app is lost. Keep them where you keep passwords: they are not shown again.
          </p>
          <ul className="code-list" aria-label="Recovery codes">
            {confirm.data.recoveryCodes.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <div className="dialog__actions">
            <Button look="primary" onClick={onClose}>
              I have kept them
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

/** A QR code as one path. */
function QrCode({ text }: { readonly text: string }) {
  const rows = encodeQR(text, 'raw', { border: 3 });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label="QR code with the key for the app"
    >
      <path d={path} fill="#000000" shapeRendering="crispEdges" />
    </svg>
  );
}
