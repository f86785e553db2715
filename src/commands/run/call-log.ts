/** The calls to AWS, for whoever runs this in the dark: a line each with `--log json`, a sum with `--verbose`. */
import type { AwsCall, CallLog } from '../../aws/call-log.ts';
import { counted } from '../../render/words.ts';
import type { CommandContext } from './context.ts';

type CallTeller = Pick<CommandContext, 'options' | 'err' | 'clock'>;

const services = (calls: readonly AwsCall[]): string => {
  const counts = new Map<string, number>();
  for (const { operation } of calls) {
    const service = operation.split(':')[0] ?? '';
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return [...counts].map(([service, count]) => `${service} ${count}`).join(', ');
};

const summary = (calls: readonly AwsCall[], milliseconds: number): string => {
  const retries = calls.reduce((sum, call) => sum + call.retries, 0);
  const again = retries === 0 ? '' : `, ${counted(retries, 'retry', 'retries')}`;
  return `${counted(calls.length, 'call')} to AWS in ${(milliseconds / 1000).toFixed(1)} s (${services(calls)})${again}`;
};

/** Nothing where nobody asked for it. */
const callLogOf = (teller: CallTeller): (CallLog & { readonly end: () => void }) | undefined => {
  const { options, err, clock } = teller;
  if (options.log === undefined && !options.verbose) return undefined;
  const begun = clock.now();
  const calls: AwsCall[] = [];
  return {
    now: clock.now,
    onCall: (call) => {
      calls.push(call);
      if (options.log === 'json') err(JSON.stringify({ time: new Date(clock.now()).toISOString(), ...call }));
    },
    end: () => {
      if (options.verbose && calls.length > 0) err(summary(calls, clock.now() - begun));
    },
  };
};

/** The same surroundings, whose clients tell of their calls. */
export const withCallLog = <T extends Omit<CommandContext, 'own'>>(
  context: T,
  atEnd: (task: () => Promise<void>) => void,
): T => {
  const log = callLogOf(context);
  if (log === undefined) return context;
  atEnd(async () => log.end());
  return { ...context, createClients: (asked) => context.createClients({ ...asked, log }) };
};
