import { defineRule } from '../rule.ts';
import { groupBy, textOf } from '../run/activity-facts.ts';
import { fileName, someOf } from '../run/sentence.ts';

/** Programs that set up schedules, and what of their arguments' shape says so. Source: MITRE ATT&CK T1053, T1543, T1547. */
const SCHEDULERS = new Set(['crontab', 'schtasks', 'schtasks.exe', 'at', 'batch', 'launchctl', 'systemd-run']);

/** Files that make programs start by themselves. Source: MITRE ATT&CK T1053.003, T1546.004, T1547.001, T1547.013, T1543.001, T1543.002. */
const AUTOSTART: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'the start menu folder "Startup"', pattern: /\/start menu\/programs\/startup\//i },
  { name: 'the autostart folder', pattern: /\/\.config\/autostart\/|^\/etc\/xdg\/autostart\//i },
  { name: 'the launch agents', pattern: /\/library\/launch(?:agents|daemons)\//i },
  { name: 'the services of systemd', pattern: /\/systemd\/(?:user|system)\/.*\.(?:service|timer)$/i },
  { name: 'the schedules of cron', pattern: /^\/etc\/cron[^/]*(?:\/|$)|^\/var\/spool\/cron\//i },
  { name: 'the scheduled tasks', pattern: /\/windows\/system32\/tasks\//i },
  {
    name: 'the start files of the shell',
    pattern: /\/\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv)$/i,
  },
  {
    name: 'the start files of Python',
    pattern: /\/(?:site|dist)-packages\/(?:[^/]+\.pth|sitecustomize\.py|usercustomize\.py)$/i,
  },
];

/** Something set up so that it starts again by itself. */
export default defineRule({
  id: 'persistence',
  title: 'Set up to start by itself',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1547', 'T1053', 'T1546.004'],
  controls: ['ISO27001:A.8.9'],
  misses: 'Entries in the Windows registry; schedules set through COM or a management agent.',
  references: ['https://attack.mitre.org/tactics/TA0003/'],
  find: (view) => {
    const files = [...view.ofType('file.open'), ...view.ofType('file.change')].flatMap((activity) => {
      const operation = textOf(activity, 'sentinel.file.operation');
      if (operation === 'read' || operation === 'delete' || operation === 'truncate') return [];
      const path = (textOf(activity, 'sentinel.file.path.target') || textOf(activity, 'file.path')).replaceAll(
        '\\',
        '/',
      );
      const found = AUTOSTART.find(({ pattern }) => pattern.test(path));
      return found === undefined ? [] : { activity, name: found.name, detail: fileName(path) };
    });
    const programs = view.ofType('process.spawn').flatMap((activity) => {
      const name = textOf(activity, 'process.executable.name').toLowerCase();
      // One argument only lists or asks.
      if (!SCHEDULERS.has(name) || Number(activity.attributes['process.args_count'] ?? 0) < 2) return [];
      const shape = textOf(activity, 'sentinel.process.argument_shape');
      if (name === 'crontab' && shape === 'flag') return [];
      return { activity, name: `the scheduler ${name.replace(/\.exe$/, '')}`, detail: shape };
    });
    return [...groupBy([...files, ...programs], ({ name }) => name)].map(([name, group]) => ({
      subject: name,
      sentence: `The script set something up in ${name} that starts again by itself, after a restart or on a schedule.`,
      evidence: someOf(group).map(({ activity, detail }) => view.evidence(activity, detail)),
    }));
  },
});
