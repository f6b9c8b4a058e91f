import type { PolicyRemark } from '@sentinel/protocol';
import { Badge } from '../../ui/badge.tsx';

/** Faults and remarks of a policy file, with their places. */
export function Remarks({ remarks }: { readonly remarks: readonly PolicyRemark[] }) {
  return (
    <ul className="remarks">
      {remarks.map(({ level, line, statement, message, hint }) => (
        <li key={`${line ?? 0} ${statement ?? ''} ${message}`}>
          <Badge tone={level === 'error' ? 'bad' : 'warn'}>{level}</Badge>
          <span>
            {line === undefined ? '' : `line ${line}: `}
            {statement === undefined ? '' : `${statement}: `}
            {message}
            {hint === undefined ? null : <span className="cell-sub">{hint}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
