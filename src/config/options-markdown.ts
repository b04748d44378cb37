// The option table as Markdown, for the README.

import { environmentName, flagName, OPTION_ENTRIES, type OptionEntry } from './option-table.ts';
import { defaultText, valueName } from './option-text.ts';

export function optionsMarkdown(): string {
  const header =
    '| key | flag | environment | default | meaning |\n| --- | --- | --- | --- | --- |';
  return [header, ...OPTION_ENTRIES.map(row)].join('\n') + '\n';
}

function row({ key, option }: OptionEntry): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.type.kind === 'boolean' ? '' : ` <${valueName(option.type)}>`;
  const flag = `${short}--${flagName(key)}${value}`;
  const fallback = defaultText(option);
  const cells = [code(key), code(flag), code(environmentName(key)), code(fallback), option.help];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
