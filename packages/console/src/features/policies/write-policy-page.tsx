import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { Remarks } from './remarks.tsx';

const route = getRouteApi('/shell/policies/new');

const BEGINNING = `id: my-policy
version: 1
title: What it is about
mode: monitor
statements:
  - id: first
    activity: file.open
    effect: warn
    when: file.path.startsWith("/srv/hr/")
    explain: Told to the person at the keyboard.
    match: [{ facts: { file.path: /srv/hr/people.csv } }]
    nomatch: [{ facts: { file.path: /tmp/x } }]
`;

/** Where a policy is written, checked and saved. */
export function WritePolicyPage() {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const [source, setSource] = useState(BEGINNING);
  const [isSaving, setSaving] = useState(false);
  const check = useMutation({ mutationFn: () => client.checkPolicy({ body: { source } }) });
  const found = check.data;
  return (
    <Page
      title="Write a policy"
      summary="A file in the policy language. The same text can stand in a repository and be applied from there."
      actions={
        <>
          <Button onClick={() => check.mutate()} disabled={check.isPending}>
            Check
          </Button>
          <Button look="primary" onClick={() => setSaving(true)}>
            Save as a draft
          </Button>
        </>
      }
    >
      <label className="field">
        <span className="field__label">Policy</span>
        <textarea
          className="input policy-editor"
          spellCheck={false}
          rows={24}
          value={source}
          onChange={(event) => setSource(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            check.mutate();
          }}
        />
        <span className="field__hint">Ctrl and Enter check it. A new version has a higher number than the last.</span>
      </label>
      {check.isError ? <ProblemNotice error={check.error} /> : null}
      {found === undefined ? null : (
        <Panel
          title={found.isGood ? 'It can be saved' : 'It has errors'}
          note={`${formatCounted(found.statements.length, 'statement')}, ${formatCounted(found.examples, 'example')}`}
        >
          {found.remarks.length === 0 ? (
            <p className="panel__body muted">Nothing to remark.</p>
          ) : (
            <Remarks remarks={found.remarks} />
          )}
        </Panel>
      )}
      {isSaving ? (
        <ReasonDialog
          title="Save as a draft"
          hint="Nothing is enforced by that: simulate it next."
          verb="Save"
          changes={['policies', 'policy']}
          perform={async (reason) => {
            const { version } = await client.savePolicy({ body: { source, reason } });
            await queryClient.invalidateQueries({ queryKey: ['policies'] });
            await navigate({ to: '/policies/$policyId', params: { policyId: version.policyId } });
          }}
          onClose={() => setSaving(false)}
        />
      ) : null}
    </Page>
  );
}
