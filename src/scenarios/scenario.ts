// A standard scenario is data: what to run and why, in the keys of a config file.

export interface Scenario {
  /** Equal to the file's name. */
  readonly id: string;
  /** One line for a list. */
  readonly title: string;
  /** Option keys and values as a config file has them; a test resolves every scenario. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}
