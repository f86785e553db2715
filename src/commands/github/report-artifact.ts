/** The page to look at, for the workflow to keep as an artifact: made by this program of what it found. */
import { reportOf } from '../../report/build.ts';
import type { ReportInput } from '../../report/sides.ts';
import type { CommandContext } from '../run/context.ts';
import { writeReportPage } from '../run/report-page.ts';
import { tried } from '../run/tried.ts';
import type { GitHubSite } from './site.ts';
import { filesUrl } from './site.ts';

type ArtifactRequest = {
  readonly context: CommandContext;
  readonly site: GitHubSite;
  /** Holds the files that the page links to. */
  readonly commit: string;
  readonly make: () => Promise<ReportInput | undefined>;
};

/** The job keeps artifacts only after this command: their list on the page of the run is where they will be. */
const artifactsOf = ({ url }: GitHubSite): string | undefined => (url === undefined ? undefined : `${url}#artifacts`);

export type KeptReport = {
  readonly ok: boolean;
  readonly link?: string;
};

/** A page that could not be made does not keep the comment back. */
export const keepReport = async (
  { context, site, commit, make }: ArtifactRequest,
  out: string | undefined,
): Promise<KeptReport> => {
  if (out === undefined) return { ok: true };
  const repository = filesUrl(context, site, commit);
  const ok = await tried(context, 'the report page', async () => {
    const input = await make();
    if (input === undefined) return;
    await writeReportPage(context, out, reportOf({ ...input, ...(repository === undefined ? {} : { repository }) }));
  });
  const link = artifactsOf(site);
  return ok && link !== undefined ? { ok, link } : { ok };
};
