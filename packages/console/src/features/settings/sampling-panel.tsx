import type { CompanySettings } from '@sentinel/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

/** Into which data files agents may look, to tell what they hold. */
export function SamplingPanel({
  settings,
  onDone,
}: {
  readonly settings: CompanySettings;
  readonly onDone: () => Promise<void>;
}) {
  const [files, setFiles] = useState(settings.sampling.files.join('\n'));
  const save = useMutation({
    mutationFn: () =>
      client.putCompanySettings({
        body: {
          ...settings,
          sampling: {
            files: files
              .split('\n')
              .map((line) => line.trim())
              .filter((line) => line !== ''),
          },
        },
      }),
    onSuccess: onDone,
  });
  return (
    <Panel title="Looking into data files" note={settings.sampling.files.length === 0 ? 'off' : 'on'}>
      <form
        className="settings-part"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p className="muted">
          When a script reads one of these files and no label says what it holds, the agent looks at its beginning on
          the computer and tells only kinds and counts, such as 40 IBANs. No value and no name of a column leaves it.
        </p>
        <label className="field field--wide">
          <span className="field__label">Files, one pattern a line</span>
          <textarea
            className="input"
            rows={4}
            spellCheck={false}
            placeholder="/home/*/exports/**"
            value={files}
            onChange={(event) => setFiles(event.target.value)}
          />
        </label>
        {save.isError ? <ProblemNotice error={save.error} /> : null}
        <Button look="primary" type="submit" disabled={save.isPending}>
          {save.isPending ? 'Saving …' : 'Save the patterns'}
        </Button>
      </form>
    </Panel>
  );
}
