/** What a person sees while AWS is read: a line that is drawn again on a terminal, a line per stage with --verbose elsewhere. */
import type { AwsCloud } from '../../aws/cloud.ts';
import type { ReadListener } from '../../aws/pages.ts';
import type { ReadEvent, ReadStage } from '../../model/reads.ts';
import { readingLine, stageText } from '../../render/progress.ts';
import type { CommandContext } from './context.ts';
import { statusLine } from './status-line.ts';

export type ReadingWatch = {
  /** To be closed when reading has ended, however it did. */
  readonly open: () => { readonly close: () => void };
  readonly told: (event: ReadEvent) => void;
};

const silent = { close: () => undefined };

/** Of the parts of a stage that are told one after the other, the last stands. */
const lineWatch = (context: CommandContext): ReadingWatch => {
  const stages = new Map<ReadStage, ReadEvent>();
  return {
    open: () => {
      stages.clear();
      return statusLine(context, (seconds) => readingLine([...stages.values()], seconds)) ?? silent;
    },
    told: (event) => void stages.set(event.stage, event),
  };
};

const logWatch = ({ clock, err }: CommandContext): ReadingWatch => {
  let begun = clock.now();
  return {
    open: () => {
      begun = clock.now();
      return silent;
    },
    told: (event) => {
      if (event.done === event.total && event.total > 0) err(stageText(event, (clock.now() - begun) / 1000));
    },
  };
};

const noWatch: ReadingWatch = { open: () => silent, told: () => undefined };

export const readingWatch = (context: CommandContext): ReadingWatch => {
  if (context.errStream.isTTY) return lineWatch(context);
  return context.options.verbose ? logWatch(context) : noWatch;
};

/** The cloud, and whoever watches knows when it is read. */
export const watched = (watch: ReadingWatch | undefined, cloudWith: (listener: ReadListener) => AwsCloud): AwsCloud => {
  if (watch === undefined) return cloudWith({});
  const cloud = cloudWith({ onRead: watch.told });
  const shown = async <T>(reading: () => Promise<T>): Promise<T> => {
    const open = watch.open();
    try {
      return await reading();
    } finally {
      open.close();
    }
  };
  return {
    ...cloud,
    read: () => shown(cloud.read),
    readSince: (record, touched) => shown(() => cloud.readSince(record, touched)),
  };
};
