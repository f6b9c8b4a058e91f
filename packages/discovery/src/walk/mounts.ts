import type { LeftOut } from '@sentinel/protocol';

/** One line of the mount table. */
export interface Mount {
  readonly point: string;
  readonly type: string;
  /** Device and the folder of it that is mounted; the same pair twice is the same content. */
  readonly content: string;
}

/** File systems that hold no files of anybody. Source: proc(5), filesystems(5), kernel documentation. */
const PSEUDO = new Set([
  'proc',
  'sysfs',
  'devtmpfs',
  'devpts',
  'cgroup',
  'cgroup2',
  'securityfs',
  'debugfs',
  'tracefs',
  'bpf',
  'pstore',
  'mqueue',
  'hugetlbfs',
  'configfs',
  'fusectl',
  'efivarfs',
  'autofs',
  'binfmt_misc',
  'nsfs',
  'rpc_pipefs',
  'selinuxfs',
  'fuse.gvfsd-fuse',
  'fuse.portal',
  'fuse.lxcfs',
  'devfs',
  'map',
]); // prettier-ignore

/** File systems whose files lie on another computer: one owner scans a share. */
const NETWORK = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'smbfs',
  'afpfs',
  'webdav',
  'davfs',
  'ceph',
  'glusterfs',
  'lustre',
  'afs',
  'ncpfs',
  'fuse.sshfs',
  'fuse.rclone',
  'fuse.davfs',
  'fuse.s3fs',
  'fuse.goofys',
  'fuse.glusterfs',
  'fuse.ceph-fuse',
  'fuse.google-drive-ocamlfuse',
  'fuse.onedriver',
  'fuse.gcsfuse',
  'fuse.blobfuse',
  'fuse.blobfuse2',
]); // prettier-ignore

/** Reads `proc/self/mountinfo`. Source: proc_pid_mountinfo(5). */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line): Mount[] => {
    const separator = line.indexOf(' - ');
    if (separator < 0) return [];
    const [, , device, root, point] = line.slice(0, separator).split(' ');
    const [type] = line.slice(separator + 3).split(' ');
    if (device === undefined || root === undefined || point === undefined || type === undefined) return [];
    return [{ point: unescapeOctal(point), type, content: `${device} ${unescapeOctal(root)}` }];
  });
}

/** Mount points that a walk stays out of, with the reason. The root of the file system is never among them. */
export function mountsToLeaveOut(
  mounts: readonly Mount[],
  takesNetwork: boolean,
  roots: readonly string[] = ['/'],
): Map<string, LeftOut['reason']> {
  const leftOut = new Map<string, LeftOut['reason']>();
  const seen = new Set<string>();
  for (const { point, type, content } of mounts) {
    const isSeen = seen.has(content);
    seen.add(content);
    leftOut.delete(point);
    if (roots.includes(point)) continue;
    if (PSEUDO.has(type)) leftOut.set(point, 'pseudo');
    else if (NETWORK.has(type) && !takesNetwork) leftOut.set(point, 'network');
    else if (isSeen) leftOut.set(point, 'same-device');
    else if (type === 'overlay' && point !== '/') leftOut.set(point, 'container');
  }
  return leftOut;
}

/** Mount points that lie on another computer. */
export function networkMounts(mounts: readonly Mount[]): string[] {
  return mounts.filter(({ type }) => NETWORK.has(type)).map(({ point }) => point);
}

function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
