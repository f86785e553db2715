/** A search over what a view shows already: rows and items that do not have the words are hidden. */
import { el, number, replace } from './dom.ts';

const items = 'tbody tr, .tree li, .paths li, article';

export const searchable = (view: HTMLElement): HTMLElement => {
  const found = [...view.querySelectorAll<HTMLElement>(items)];
  const heading = view.querySelector('h1');
  if (found.length === 0 || heading === null) return view;
  const input = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  const status = el('span', { role: 'status', class: 'quiet' });
  const form = el(
    'form',
    { class: 'filter', role: 'search', 'aria-label': 'Search this view' },
    el('label', {}, el('span', {}, 'Search'), input),
  );
  input.addEventListener('input', () => {
    const part = input.value.trim().toLowerCase();
    for (const item of found) item.hidden = !(item.textContent ?? '').toLowerCase().includes(part);
    const seen = found.filter(({ hidden }) => !hidden).length;
    replace(status, part === '' ? '' : `${number(seen)} of ${number(found.length)} rows`);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  heading.after(form, status);
  return view;
};
