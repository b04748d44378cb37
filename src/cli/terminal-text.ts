// What a terminal would obey rather than show, taken out of text that may hold names from elsewhere: a report's scenario, a
// file's name, a server's message. Line ends and tabs stay; they are ours as often as not.

export function terminalText(text: string): string {
  return text.replace(/(?:(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu, ' ');
}
