// HTML as values: what is put into a template is escaped, unless it is HTML already. So no text of a user can become markup.

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | null | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Characters that no HTML may hold: controls, and halves of a pair. */
const FORBIDDEN = /[^\P{Cc}\t\n]|\p{Cs}/gu;

/** Escapes a text for content and for quoted attributes. */
function escaped(text: string): string {
  return text.replaceAll(FORBIDDEN, '\ufffd').replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one);
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escaped(String(part));
}

/** Fills a template; null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((whole, text, at) => whole + textOf(parts[at - 1] ?? null) + text));
}

/** Writes JSON for a block that no browser runs: no text in it can end the block or begin a comment. */
export function dataBlock(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
  return new Html(`<script type="application/json" id="${escaped(id)}">${json}</script>`);
}
