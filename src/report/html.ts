/** One file that needs nothing else: data, style and script, and a policy that lets the browser run that script alone. */
import { createHash } from 'node:crypto';
import type { Report } from './report.ts';

export type PageParts = { readonly script: string; readonly style: string };

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded, sent or framed; no text of anybody's can become script, even by a mistake of ours (trusted types). */
const policyOf = ({ script, style }: PageParts): string =>
  [
    `default-src 'none'`,
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');

/** `<` never stands in it, so that no name can end the element it lies in. */
const embedded = (report: Report): string =>
  JSON.stringify(report).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const pageOf = (report: Report, parts: PageParts): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policyOf(parts))}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>Who reaches what: ${escaped(report.organization)}</title>`,
    `<style>${parts.style}</style>`,
    '</head>',
    '<body>',
    '<noscript>This page shows its data with JavaScript of its own; its option <code>--csv</code> writes the same tables.</noscript>',
    `<script type="application/json" id="report">${embedded(report)}</script>`,
    `<script>${parts.script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
