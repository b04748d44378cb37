// A config file: YAML or JSON whose keys are option keys.

import type { ConfigProblem } from './problem.ts';

export type ConfigFile =
  | { readonly kind: 'ok'; readonly raw: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Never throws: an unreadable file is a problem like any other. */
export declare function readConfigFile(path: string): ConfigFile;

/** @param name the file's name, for messages; '.json' is read as JSON, anything else as YAML. */
export declare function parseConfigText(content: string, name: string): ConfigFile;
