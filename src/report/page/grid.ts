/**
 * A table of any size of which only what is seen is made. It stays a table for those who hear it: its rows and columns say
 * their true numbers, and the arrow keys go from cell to cell wherever it was scrolled to.
 */
import type { Child } from './dom.ts';
import { el, replace } from './dom.ts';

type GridOf = {
  readonly caption: string;
  readonly corner: string;
  readonly rows: number;
  readonly columns: number;
  readonly rowHeader: (row: number) => Child;
  readonly columnHeader: (column: number) => Child;
  readonly cell: (row: number, column: number) => Child;
};

type Sizes = { readonly header: number; readonly width: number; readonly height: number; readonly head: number };
type Window = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** Beyond what is seen, so that scrolling shows no gap. */
const spare = { rows: 4, columns: 2 };

const sizesIn = (scroller: Element): Sizes => {
  const of = (name: string): number => Number.parseFloat(getComputedStyle(scroller).getPropertyValue(name));
  return { header: of('--header'), width: of('--cell'), height: of('--row'), head: of('--head') };
};

const windowOf = (scroller: Element, { rows, columns }: GridOf, sizes: Sizes): Window => {
  const between = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  const { scrollTop, scrollLeft, clientHeight, clientWidth } = scroller;
  return {
    top: between(Math.floor(scrollTop / sizes.height) - spare.rows, rows),
    bottom: between(Math.ceil((scrollTop + clientHeight) / sizes.height) + spare.rows, rows),
    left: between(Math.floor(scrollLeft / sizes.width) - spare.columns, columns),
    right: between(Math.ceil((scrollLeft + clientWidth) / sizes.width) + spare.columns, columns),
  };
};

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step);

const sized = <T extends HTMLElement>(made: T, property: 'width' | 'height', pixels: number): T => {
  made.style[property] = `${pixels}px`;
  return made;
};

const gap = (): HTMLElement => el('td', { class: 'gap', 'aria-hidden': 'true' });

const columnGroup = ({ columns }: GridOf, { header, width }: Sizes, { left, right }: Window): HTMLElement =>
  el(
    'colgroup',
    {},
    sized(el('col'), 'width', header),
    sized(el('col'), 'width', left * width),
    range(left, right).map(() => sized(el('col'), 'width', width)),
    sized(el('col'), 'width', (columns - right) * width),
  );

const headOf = (grid: GridOf, { left, right }: Window): HTMLElement =>
  el(
    'thead',
    {},
    el(
      'tr',
      { 'aria-rowindex': 1 },
      el('th', { scope: 'col', class: 'corner', 'aria-colindex': 1 }, grid.corner),
      gap(),
      range(left, right).map((column) =>
        el('th', { scope: 'col', 'aria-colindex': column + 2 }, grid.columnHeader(column)),
      ),
      gap(),
    ),
  );

const gapRow = (span: number, pixels: number): HTMLElement =>
  el('tr', { class: 'gap', 'aria-hidden': 'true' }, sized(el('td', { colspan: span }), 'height', pixels));

const bodyOf = (grid: GridOf, sizes: Sizes, { top, bottom, left, right }: Window): HTMLElement => {
  const span = right - left + 3;
  const rows = range(top, bottom).map((row) =>
    el(
      'tr',
      { 'aria-rowindex': row + 2 },
      el('th', { scope: 'row', 'aria-colindex': 1 }, grid.rowHeader(row)),
      gap(),
      range(left, right).map((column) =>
        el(
          'td',
          { 'aria-colindex': column + 2, 'data-row': row, 'data-column': column, tabindex: -1 },
          grid.cell(row, column),
        ),
      ),
      gap(),
    ),
  );
  return el('tbody', {}, gapRow(span, top * sizes.height), rows, gapRow(span, (grid.rows - bottom) * sizes.height));
};

const sameWindow = (one: Window | undefined, other: Window): boolean =>
  one !== undefined &&
  one.top === other.top &&
  one.bottom === other.bottom &&
  one.left === other.left &&
  one.right === other.right;

type Spot = { readonly row: number; readonly column: number };

const steps: Readonly<Record<string, Spot>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  PageDown: { row: 10, column: 0 },
  PageUp: { row: -10, column: 0 },
  Home: { row: 0, column: -1_000_000 },
  End: { row: 0, column: 1_000_000 },
};

const scrollTo = (scroller: Element, { row, column }: Spot, sizes: Sizes): void => {
  const [top, left] = [row * sizes.height, column * sizes.width];
  const [seenHeight, seenWidth] = [scroller.clientHeight - sizes.head, scroller.clientWidth - sizes.header];
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  if (top + sizes.height > scroller.scrollTop + seenHeight) scroller.scrollTop = top + sizes.height - seenHeight;
  if (left < scroller.scrollLeft) scroller.scrollLeft = left;
  if (left + sizes.width > scroller.scrollLeft + seenWidth) scroller.scrollLeft = left + sizes.width - seenWidth;
};

type Place = { spot: Spot };

const cellAt = (scroller: Element, { row, column }: Spot): HTMLElement | null =>
  scroller.querySelector(`td[data-row="${row}"][data-column="${column}"]`);

/** One cell can be reached by Tab; from there the arrows lead on. Whoever was in a cell that was made anew is in it again. */
const mark = (scroller: Element, { spot }: Place, hadFocus: () => boolean): void => {
  const cell = cellAt(scroller, spot) ?? scroller.querySelector<HTMLElement>('td[data-row]');
  cell?.setAttribute('tabindex', '0');
  if (hadFocus()) cell?.focus({ preventScroll: true });
};

type Moving = { readonly grid: GridOf; readonly place: Place; readonly paint: () => void };

const listen = (scroller: HTMLElement, { grid, place, paint }: Moving): void => {
  const limit = (value: number, most: number): number => Math.max(0, Math.min(most - 1, value));
  scroller.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step === undefined || !(event.target instanceof HTMLTableCellElement)) return;
    event.preventDefault();
    const { row, column } = place.spot;
    place.spot = { row: limit(row + step.row, grid.rows), column: limit(column + step.column, grid.columns) };
    scrollTo(scroller, place.spot, sizesIn(scroller));
    paint();
    mark(scroller, place, () => true);
  });
  scroller.addEventListener('focusin', ({ target }) => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('td[data-row]') : null;
    if (cell !== null) place.spot = { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) };
  });
  scroller.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLTableCellElement)) return;
    // What opens takes the focus, and would take the rest of this stroke for its own.
    event.preventDefault();
    event.target.querySelector<HTMLElement>('button, a')?.click();
  });
};

/** The columns are printed as they fit; a table too large for paper is better printed as its list. */
const mostPrinted = 4000;

type Printing = { readonly begin: (window: Window) => void; readonly end: () => void };

const whilePrinting = (scroller: Element, { rows, columns }: GridOf, { begin, end }: Printing): void => {
  if (rows * columns > mostPrinted) return;
  addEventListener(
    'beforeprint',
    () => scroller.isConnected && begin({ top: 0, bottom: rows, left: 0, right: columns }),
  );
  addEventListener('afterprint', () => scroller.isConnected && end());
};

export const gridView = (grid: GridOf): HTMLElement => {
  const made = el('table', {
    role: 'grid',
    'aria-rowcount': grid.rows + 1,
    'aria-colcount': grid.columns + 1,
    'aria-label': grid.caption,
  });
  const scroller = el('div', { class: 'grid' }, made);
  const place: Place = { spot: { row: 0, column: 0 } };
  let painted: Window | undefined;
  let isPrinting = false;
  const paintWindow = (window: Window): void => {
    if (isPrinting || sameWindow(painted, window)) return;
    painted = window;
    const sizes = sizesIn(scroller);
    sized(made, 'width', sizes.header + grid.columns * sizes.width);
    const isIn = scroller.querySelector('td:focus') !== null;
    replace(made, columnGroup(grid, sizes, window), headOf(grid, window), bodyOf(grid, sizes, window));
    mark(scroller, place, () => isIn);
  };
  const paint = (): void => paintWindow(windowOf(scroller, grid, sizesIn(scroller)));
  listen(scroller, { grid, place, paint });
  scroller.addEventListener('scroll', paint, { passive: true });
  const observer = new ResizeObserver(() => {
    if (!scroller.isConnected) return observer.disconnect();
    paint();
  });
  observer.observe(scroller);
  whilePrinting(scroller, grid, {
    begin: (window) => {
      paintWindow(window);
      isPrinting = true;
    },
    end: () => {
      isPrinting = false;
      paint();
    },
  });
  return scroller;
};
