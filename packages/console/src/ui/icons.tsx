import type { ReactNode } from 'react';

interface IconProps {
  /** Side in pixels. */
  readonly size?: number;
}

/** A drawing of 16 by 16 units in the colour of the text; decoration, so hidden from assistive technology. */
function Icon({ size = 16, children }: IconProps & { readonly children: ReactNode }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const OverviewIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.5 13.5v-4M6.2 13.5v-7M9.9 13.5V8.2M13.6 13.5v-11" />
  </Icon>
);

export const ScriptIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4 1.8h5.2L12.6 5v9.2H4zM9 1.8V5h3.6M6.2 8.2h4.2M6.2 11h2.8" />
  </Icon>
);

export const PolicyIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.4-5 6.6-2.9-1.2-5-3.4-5-6.6v-4zM5.8 7.9l1.6 1.6 2.9-3.2" />
  </Icon>
);

export const ApprovalIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3 2.5h10v11H3zM5.4 6h5.2M5.4 8.6h2.4M8.4 11l1.2 1.2 2.2-2.6" />
  </Icon>
);

export const ActionIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M5.4 2.2h5.2l3.2 3.2v5.2l-3.2 3.2H5.4l-3.2-3.2V5.4zM8 5v3.4M8 10.6v.4" />
  </Icon>
);

export const LibraryIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.5 2.2h3v11.6h-3zM5.5 2.2h3v11.6h-3zM9.6 3l2.8-.8 2.6 11-2.8.8z" />
  </Icon>
);

export const RunIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M6.6 5.5v5L10.7 8z" />
  </Icon>
);

export const MachineIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="1.8" y="2.6" width="12.4" height="8.2" rx="1.2" />
    <path d="M5.4 13.6h5.2M8 10.8v2.8" />
  </Icon>
);

export const VaultIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="2" y="2.4" width="12" height="10.4" rx="1.2" />
    <circle cx="8" cy="7.6" r="2.3" />
    <path d="M8 5.3v-1M8 10.9v-1M10.3 7.6h1M4.7 7.6h1M4.2 12.8v1.4M11.8 12.8v1.4" />
  </Icon>
);

export const LeaverIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8.8 2H3v12h5.8M6.8 8h7M11.2 5.2L14 8l-2.8 2.8" />
  </Icon>
);

export const SearchIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="7" cy="7" r="4.4" />
    <path d="m10.4 10.4 3.4 3.4" />
  </Icon>
);

export const CopyIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="5.4" y="5.4" width="8.2" height="8.2" rx="1.4" />
    <path d="M10.6 5.2V3.6a1.2 1.2 0 0 0-1.2-1.2H3.6a1.2 1.2 0 0 0-1.2 1.2v5.8a1.2 1.2 0 0 0 1.2 1.2h1.6" />
  </Icon>
);

export const CheckIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m3 8.6 3.2 3.2L13 4.6" />
  </Icon>
);

export const CrossIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);

export const FilterIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.4 3.4h11.2L9.3 8.6v4.2l-2.6-1.4V8.6z" />
  </Icon>
);

export const PlayIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4.8 3.2v9.6L12.6 8z" />
  </Icon>
);

export const PauseIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M5.4 3.4v9.2M10.6 3.4v9.2" />
  </Icon>
);

export const PlusIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);

export const PersonIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="8" cy="5.4" r="2.7" />
    <path d="M2.8 13.8c.6-2.8 2.6-4.2 5.2-4.2s4.6 1.4 5.2 4.2" />
  </Icon>
);

export const HelpIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M6.3 6.3c.1-1 .8-1.6 1.8-1.6s1.7.6 1.7 1.5c0 1.3-1.8 1.4-1.8 2.7M8 11.3v.1" />
  </Icon>
);

export const WarnIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 2.4 14.4 13.4H1.6zM8 6.6v3.2M8 11.6v.1" />
  </Icon>
);

export const ChevronIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4.4 6.4 3.6 3.4 3.6-3.4" />
  </Icon>
);

/** The product's mark. */
export const Mark = ({ size = 22 }: IconProps) => (
  <svg className="icon" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="7" fill="#1f4fbf" />
    <path d="M9 10.5h14M9 16h9M9 21.5h12" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    <circle cx="23.2" cy="16" r="2.3" fill="#8fe3c0" />
  </svg>
);

export const FindingIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 1.8 14.4 13.4H1.6zM8 6.2v3.4M8 11.6v.1" />
  </Icon>
);

export const FamilyIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M5 5.4V2.2h6v8.2H9M5 5.4H2.6v8.4H9V5.4z" />
  </Icon>
);

export const RiskIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2 12a6 6 0 0 1 12 0M8 12l2.8-4.2M2 12h12" />
  </Icon>
);

export const DataIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.6 3.8c0-1 2.4-1.8 5.4-1.8s5.4.8 5.4 1.8-2.4 1.8-5.4 1.8-5.4-.8-5.4-1.8zM2.6 3.8v8.4c0 1 2.4 1.8 5.4 1.8s5.4-.8 5.4-1.8V3.8M2.6 8c0 1 2.4 1.8 5.4 1.8s5.4-.8 5.4-1.8" />
  </Icon>
);

export const AuditIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.4 1.8h9.2v12.4H3.4zM6 5h4M6 7.8h4M6 10.6l1.2 1.2 2.6-2.6" />
  </Icon>
);

export const SettingsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.4 4.6h5.4M11 4.6h2.6M2.4 11.4H5M8.2 11.4h5.4" />
    <circle cx="9.4" cy="4.6" r="1.6" />
    <circle cx="6.6" cy="11.4" r="1.6" />
  </Icon>
);
