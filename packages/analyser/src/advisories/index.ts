export type { Advisory, AdvisoryData } from './advisory-data.ts';
export { AdvisoryIndex } from './advisory-index.ts';
export { AdvisoryStore } from './advisory-store.ts';
export { type AdvisorySources, type BuiltAdvisoryData, buildAdvisoryData } from './build-advisory-data.ts';
export { BundleManifest, BundleRefused, openBundle, publicKeyOf, publicKeyText, writeBundle } from './bundle.ts';
export { normaliseName } from './distribution-name.ts';
export { readTar } from './read-tar.ts';
