import type { CallModel, LibraryKnowledge } from '../semantics/call-model.ts';
import { NamePatterns } from '../semantics/name-patterns.ts';
import { attributeModels } from './models/attributes.ts';
import { cloudAndLlmModels } from './models/cloud-and-llm.ts';
import { filesAndOfficeModels } from './models/files-and-office.ts';
import { mailAndMessagingModels } from './models/mail-and-messaging.ts';
import { networkModels } from './models/network.ts';
import { systemModels } from './models/systems.ts';

function index(...tables: readonly (readonly (readonly [string, CallModel])[])[]): NamePatterns<CallModel> {
  const patterns = new NamePatterns<CallModel>();
  for (const table of tables) for (const [pattern, model] of table) patterns.add(pattern, model);
  return patterns;
}

const calls = index(networkModels, mailAndMessagingModels, filesAndOfficeModels, systemModels, cloudAndLlmModels);
const attributes = index(attributeModels);

/** What is known of the libraries that business scripts use. */
export const libraryKnowledge: LibraryKnowledge = {
  modelOf: (name) => calls.find(name)[0],
  attributeModelOf: (name) => attributes.find(name)[0],
};
