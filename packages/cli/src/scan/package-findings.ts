import type { InstalledVerdict, Severity } from '@sentinel/protocol';
import { exploitWord } from './exploit-word.ts';
import type { InventoryFinding } from './inventory-findings.ts';

const ADVISORIES_SHOWN = 3;

/** Findings about distributions that are installed. */
export function packageFindings(verdicts: readonly InstalledVerdict[]): InventoryFinding[] {
  const vulnerable = (severities: readonly Severity[]) =>
    verdicts.filter(({ kind, severity }) => kind === 'vulnerable' && severities.includes(severity));
  return [
    {
      ruleId: 'package-malicious',
      title: 'Malicious packages are installed',
      step: 'Remove malicious packages and look at what they did',
      severity: 'critical',
      why: 'A malicious package runs with all rights of whoever starts Python there, often at its installation already.',
      advice: 'Disconnect the computer, remove the package, change every credential that was within reach.',
      hoursEach: 8,
      evidence: evidenceOf(verdicts.filter(({ kind }) => kind === 'malicious')),
    },
    {
      ruleId: 'package-squat',
      title: 'Packages with a name that imitates a known one',
      step: 'Check packages whose names imitate known ones',
      severity: 'high',
      why: 'A name that is one letter away from a known package is how malicious ones get installed by mistake.',
      advice: 'Find out who wanted which package; replace it by the one that was meant.',
      hoursEach: 1,
      evidence: evidenceOf(verdicts.filter(({ kind }) => kind === 'squat')),
    },
    {
      ruleId: 'package-vulnerable',
      title: 'Installed packages with severe known vulnerabilities',
      step: 'Update installed packages with severe vulnerabilities',
      severity: 'high',
      why: 'The holes are public; scripts that handle foreign data through them can be taken over.',
      advice: 'Update to the version that mends all of them, and run the scripts that use it once.',
      hoursEach: 0.5,
      evidence: evidenceOf(vulnerable(['critical', 'high'])),
    },
    {
      ruleId: 'package-vulnerable-minor',
      title: 'Installed packages with other known vulnerabilities',
      step: 'Update installed packages with lesser vulnerabilities when they are touched next',
      severity: 'low',
      why: 'Less severe, or hard to use; they go away with the next update.',
      advice: 'Update them together with the environment they lie in.',
      hoursEach: 0.25,
      evidence: evidenceOf(vulnerable(['medium', 'low'])),
    },
  ];
}

/** A verdict once, however many folders the package lies in. */
function evidenceOf(verdicts: readonly InstalledVerdict[]): { path: string; note: string }[] {
  return verdicts.map(({ distribution, version, advisories, isKnownExploited, epss, fixedIn, resembles, sites }) => {
    const rest = advisories.length - ADVISORIES_SHOWN;
    const note = [
      `${distribution}${version === undefined ? '' : ` ${version}`}`,
      resembles === undefined ? '' : `resembles ${resembles}`,
      advisories.length === 0
        ? ''
        : `${advisories.slice(0, ADVISORIES_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
      exploitWord({ isKnownExploited, epss }),
      fixedIn === undefined ? '' : `fixed in ${fixedIn}`,
      sites.length > 1 ? `in ${sites.length} places` : '',
    ];
    return { path: sites[0] ?? '', note: note.filter((part) => part !== '').join('; ') };
  });
}
