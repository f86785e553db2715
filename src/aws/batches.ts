/** What is read once for all that want it at the same time, and read again for those who come later. */

export type Batches = {
  /** Runs `work`; whoever joins under the same name before the last has left shares what `read` gives. */
  readonly join: <T>(name: string, read: () => Promise<ReadonlySet<string>>, work: Member<T>) => Promise<T>;
};
type Rows = () => Promise<ReadonlySet<string>>;
type Member<T> = (rows: Rows) => Promise<T>;

type Batch = { readonly members: number; readonly rows: Promise<ReadonlySet<string>> | undefined };
const empty: Batch = { members: 0, rows: undefined };

export const createBatches = (): Batches => {
  const open = new Map<string, Batch>();
  const of = (name: string): Batch => open.get(name) ?? empty;
  const leave = (name: string): void => {
    const { members, rows } = of(name);
    if (members === 1) open.delete(name);
    else open.set(name, { members: members - 1, rows });
  };
  return {
    join: async (name, read, work) => {
      open.set(name, { ...of(name), members: of(name).members + 1 });
      const rows: Rows = () => {
        const reading = of(name).rows ?? read();
        open.set(name, { ...of(name), rows: reading });
        return reading;
      };
      try {
        return await work(rows);
      } finally {
        leave(name);
      }
    },
  };
};
