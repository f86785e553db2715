/** The wildcards of policies: `*` any run of characters, `?` any one. Linear in the text for each star, whatever the pattern. */
export const isLike = (text: string, pattern: string): boolean => {
  let [at, star, mark] = [0, -1, 0];
  let position = 0;
  while (position < text.length) {
    const wild = pattern[at];
    if (wild === '*') {
      star = at;
      mark = position;
      at += 1;
    } else if (wild === '?' || wild === text[position]) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      position = mark;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
};

const parts = (arn: string): readonly string[] => {
  const [first = '', second = '', third = '', fourth = '', fifth = '', ...rest] = arn.split(':');
  return [first, second, third, fourth, fifth, rest.join(':')];
};

/** ArnLike checks each of the six parts on its own ("IAM JSON policy elements: Condition operators"). */
export const isArnLike = (arn: string, pattern: string): boolean => {
  const written = parts(arn);
  return parts(pattern).every((one, index) => isLike(written[index] ?? '', one));
};
