/** Colors, decided by the caller. */
type Brush = (text: string) => string;
export type Paint = {
  readonly bold: Brush;
  readonly dim: Brush;
  readonly red: Brush;
  readonly green: Brush;
  readonly yellow: Brush;
};

const plain: Brush = (text) => text;
export const plainPaint: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };
