import type { OwnRule } from '../weakness-rule.ts';

/** A command run on another machine over SSH. */
export const weakSshCommand: OwnRule = {
  id: 'weak-ssh-command',
  runs: 'always',
  hints: ['exec_command', 'invoke_shell'],
  misses: 'Libraries other than paramiko.',
  *find(facts) {
    if (!facts.imports('paramiko')) return;
    for (const call of facts.calls) {
      if (call.method === 'exec_command') yield { ruleId: this.id, node: call.node };
    }
  },
};
