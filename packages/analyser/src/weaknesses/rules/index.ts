import type { OwnRule } from '../weakness-rule.ts';
import { weakBindAll } from './weak-bind-all.ts';
import { weakCipher } from './weak-cipher.ts';
import { weakEval } from './weak-eval.ts';
import { weakExec } from './weak-exec.ts';
import { weakHash } from './weak-hash.ts';
import { weakHuggingfaceDownload } from './weak-huggingface-download.ts';
import { weakImportFtp } from './weak-import-ftp.ts';
import { weakImportHttpoxy } from './weak-import-httpoxy.ts';
import { weakImportPickle } from './weak-import-pickle.ts';
import { weakImportPycrypto } from './weak-import-pycrypto.ts';
import { weakImportPyghmi } from './weak-import-pyghmi.ts';
import { weakImportSubprocess } from './weak-import-subprocess.ts';
import { weakImportTelnet } from './weak-import-telnet.ts';
import { weakImportXmlrpc } from './weak-import-xmlrpc.ts';
import { weakMarkSafeDynamic } from './weak-mark-safe-dynamic.ts';
import { weakMarshalLoad } from './weak-marshal-load.ts';
import { weakMktemp } from './weak-mktemp.ts';
import { weakPasswordString } from './weak-password-string.ts';
import { weakPickleLoad } from './weak-pickle-load.ts';
import { weakRandom } from './weak-random.ts';
import { weakShellStart } from './weak-shell-start.ts';
import { weakSqlString } from './weak-sql-string.ts';
import { weakSshCommand } from './weak-ssh-command.ts';
import { weakSubprocessCall } from './weak-subprocess-call.ts';
import { weakSubprocessShell } from './weak-subprocess-shell.ts';
import { weakTlsVerificationOff } from './weak-tls-verification-off.ts';
import { weakTlsVersion } from './weak-tls-version.ts';
import { weakTorchLoad } from './weak-torch-load.ts';
import { weakTrojanSource } from './weak-trojan-source.ts';
import { weakYamlLoad } from './weak-yaml-load.ts';

/** All rules of our own; a test holds this list and the folder together. */
export const OWN_RULES: readonly OwnRule[] = [
  weakBindAll,
  weakCipher,
  weakEval,
  weakExec,
  weakHash,
  weakHuggingfaceDownload,
  weakImportFtp,
  weakImportHttpoxy,
  weakImportPickle,
  weakImportPycrypto,
  weakImportPyghmi,
  weakImportSubprocess,
  weakImportTelnet,
  weakImportXmlrpc,
  weakMarkSafeDynamic,
  weakMarshalLoad,
  weakMktemp,
  weakPasswordString,
  weakPickleLoad,
  weakRandom,
  weakShellStart,
  weakSqlString,
  weakSshCommand,
  weakSubprocessCall,
  weakSubprocessShell,
  weakTlsVerificationOff,
  weakTlsVersion,
  weakTorchLoad,
  weakTrojanSource,
  weakYamlLoad,
];
