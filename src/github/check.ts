/** A check run with as many annotations as it takes requests. */
import type { Annotation, CheckRun, GitHub } from '../model/github.ts';

/** GitHub: 65,535 characters for the summary of a check run (REST reference, "Create a check run"). */
export const SUMMARY_LIMIT = 65_535;
const TITLE_LIMIT = 255;
/** Four requests; whoever has more to read reads the comment. */
const MOST_ANNOTATIONS = 200;

const severity: Readonly<Record<Annotation['level'], number>> = { failure: 0, warning: 1, notice: 2 };

/** The worst first, one for each place and text. */
const kept = (annotations: readonly Annotation[]): readonly Annotation[] => {
  const unique = new Map(annotations.map((one) => [`${one.path}\0${one.line}\0${one.title}\0${one.message}`, one]));
  return [...unique.values()].sort((a, b) => severity[a.level] - severity[b.level]).slice(0, MOST_ANNOTATIONS);
};

/** Every call makes a new run: annotations of an old one could only be added to, and GitHub shows the newest of a name. */
export const publishCheck = async (github: GitHub, check: CheckRun): Promise<void> => {
  const tidy: CheckRun = {
    ...check,
    title: check.title.slice(0, TITLE_LIMIT),
    summary: check.summary.slice(0, SUMMARY_LIMIT),
    annotations: kept(check.annotations),
  };
  const id = await github.createCheck(tidy);
  await github.addAnnotations(id, tidy);
};
