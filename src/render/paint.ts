/** Colors, decided by the caller. */
export type PaintBrush = (text: string) => string;
export type Paint = {
  readonly bold: PaintBrush;
  readonly dim: PaintBrush;
  readonly red: PaintBrush;
  readonly green: PaintBrush;
  readonly yellow: PaintBrush;
};

const plain: PaintBrush = (text) => text;
export const plainPaint: Paint = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };
