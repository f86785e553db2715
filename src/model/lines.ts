/** Whether every line of a text ends as Windows ends it, and there is one. */
export const endsInCrlf = (text: string): boolean => text.includes('\r\n') && !/(?<!\r)\n/.test(text);
