/** What a report of some declared resources is made of. */
import { loadActionCatalogue } from '../../src/evaluate/action-catalogue.ts';
import { loadCatalogue } from '../../src/evaluate/catalogue.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { ReportInput } from '../../src/report/sides.ts';
import { NOW } from './build.ts';

export const reportInputOf = (desired: Desired, more: Partial<ReportInput> = {}): ReportInput => ({
  subject: 'desired',
  state: desired.state,
  origins: desired.origins,
  desired,
  organization: desired.settings.organization,
  tests: [],
  knowledge: { actions: loadActionCatalogue(), policies: loadCatalogue() },
  now: NOW,
  notes: [],
  ...more,
});
