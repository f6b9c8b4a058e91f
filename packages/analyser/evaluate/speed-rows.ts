import { measureSpeed } from './measure-speed.ts';
import type { Peers } from './peers.ts';
import type { Row } from './table.ts';

/** Speed with all detectors, and as a multiple of bandit's in the same run. */
export async function speedRows(peers: Peers | undefined, tell: (text: string) => void): Promise<Row[]> {
  const speed = await measureSpeed(peers, tell);
  const set = 'speed';
  const note = `${speed.workers} workers on ${speed.cores} cores; the others as they come, with their start`;
  const { bandit } = speed.peers;
  return [
    {
      set,
      measure: 'scripts of 2 KB a second',
      value: speed.own,
      target: 1_200,
      unit: 'rate',
      peers: speed.peers,
      note,
    },
    ...(bandit === undefined
      ? []
      : [{ set, measure: "times bandit's", value: speed.own / bandit, unit: 'times' as const, peers: { bandit: 1 } }]),
  ];
}
