import { defineRule } from '../rule.ts';
import { groupBy, textOf } from '../run/activity-facts.ts';
import { fileName, someOf } from '../run/sentence.ts';

interface Store {
  readonly name: string;
  readonly pattern: RegExp;
  readonly severity: 'high' | 'critical';
}

/**
 * Files in which programs keep passwords, keys and sessions, matched against a path with forward slashes.
 * Source: MITRE ATT&CK T1555.003, T1552.001, T1552.004 and the programs' own documentation.
 */
const STORES: readonly Store[] = [
  {
    name: 'the passwords of a browser',
    pattern:
      /\/(?:google-chrome[^/]*|chrome|chromium|microsoft-edge[^/]*|edge|brave-browser|opera|vivaldi|user data)\/.*\/?(?:login data(?: for account)?|cookies|local state|web data)$|\/user data\/(?:.*\/)?(?:login data|cookies|local state)$/i,
    severity: 'critical',
  },
  {
    name: 'the passwords of a browser',
    pattern:
      /\/(?:firefox|\.mozilla|thunderbird|\.thunderbird)\/.*\/(?:logins\.json|key[34]\.db|cookies\.sqlite|signons\.sqlite)$/i,
    severity: 'critical',
  },
  {
    name: 'a password store of the system',
    pattern:
      /\/library\/keychains\/|\/\.local\/share\/keyrings\/|\/microsoft\/(?:credentials|protect|vault)\/|\/\.password-store\/|\.kdbx$|^\/etc\/shadow$|\/config\/(?:sam|security)$/i,
    severity: 'critical',
  },
  { name: 'private SSH keys', pattern: /\/\.ssh\/(?:id_[a-z0-9_]+|identity|[^/]+\.pem)$/i, severity: 'high' },
  {
    name: 'cloud credentials',
    pattern:
      /\/\.aws\/(?:credentials|sso\/cache\/.*)$|\/\.azure\/(?:accesstokens\.json|msal_token_cache.*|azureprofile\.json)$|\/gcloud\/(?:credentials\.db|access_tokens\.db|application_default_credentials\.json|legacy_credentials\/.*)$|\/\.kube\/config$|\/\.docker\/config\.json$/i,
    severity: 'high',
  },
  {
    name: 'stored logins of a tool',
    pattern: /\/\.(?:netrc|git-credentials|pypirc|npmrc|pgpass|my\.cnf|vault-token)$|\/_netrc$/i,
    severity: 'high',
  },
];

/** Libraries that read their own credentials: what their user asks for, and no theft. */
const OWN: Readonly<Record<string, RegExp>> = {
  'cloud credentials': /^(?:boto3|botocore|azure|google|gcloud|kubernetes|docker|s3fs|gcsfs)/,
  'private SSH keys': /^(?:paramiko|fabric|asyncssh|sshtunnel)/,
  'stored logins of a tool': /^(?:requests|pip|twine|psycopg2?|pymysql|git|httpx|netrc|hvac)/,
};

/** Stores of passwords and keys that the script read. */
export default defineRule({
  id: 'credential-store-read',
  title: 'Credential store read',
  severity: 'high',
  confidence: 'high',
  techniques: ['T1555.003', 'T1552.001', 'T1552.004'],
  controls: ['ISO27001:A.5.17', 'SOC2:CC6.1'],
  misses:
    'Stores that are asked through a system call (Windows DPAPI, the macOS keychain service); copies under another name.',
  references: ['https://attack.mitre.org/techniques/T1555/003/'],
  find: (view) => {
    const found = view.ofType('file.open').flatMap((activity) => {
      if (activity.attributes['sentinel.file.operation'] !== 'read') return [];
      const path = textOf(activity, 'file.path').replaceAll('\\', '/');
      const store = STORES.find(({ pattern }) => pattern.test(path));
      if (store === undefined || path.endsWith('.pub')) return [];
      const libraries = activity.attributes['sentinel.source.libraries'];
      const isOwn = Array.isArray(libraries) && libraries.some((library) => OWN[store.name]?.test(library) === true);
      return isOwn ? [] : { activity, path, store };
    });
    return [...groupBy(found, ({ store }) => store.name)].map(([name, group]) => ({
      subject: name,
      sentence: `The script opened ${name} (${[...new Set(group.map(({ path }) => fileName(path)))].join(', ')}); few programs have a reason to.`,
      evidence: someOf(group).map(({ activity }) => view.evidence(activity, 'read')),
      severity: group[0].store.severity,
    }));
  },
});
