/** What an edit does to what somebody may do: to what allows, and to what filters that, which denials and boundaries do. */
export type Effect = {
  readonly allowsMore: boolean;
  readonly allowsLess: boolean;
  readonly filtersMore: boolean;
  readonly filtersLess: boolean;
};

export const noEffect: Effect = { allowsMore: false, allowsLess: false, filtersMore: false, filtersLess: false };

/** Takes something away. */
export const isTighter = ({ allowsLess, filtersMore }: Effect): boolean => allowsLess || filtersMore;

/** Gives something. */
export const isLooser = ({ allowsMore, filtersLess }: Effect): boolean => allowsMore || filtersLess;

export const joinedEffects = (effects: readonly Effect[]): Effect => ({
  allowsMore: effects.some(({ allowsMore }) => allowsMore),
  allowsLess: effects.some(({ allowsLess }) => allowsLess),
  filtersMore: effects.some(({ filtersMore }) => filtersMore),
  filtersLess: effects.some(({ filtersLess }) => filtersLess),
});
