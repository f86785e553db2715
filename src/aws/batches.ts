/** Shares one read among all callers that need it at the same time; later callers read again. */

export type ReadBatches = {
  /** Runs `work`. Callers of the same name share the result of `read` until the last of them has finished. */
  readonly join: <T>(name: string, read: () => Promise<ReadonlySet<string>>, work: BatchMember<T>) => Promise<T>;
};
type ReadRows = () => Promise<ReadonlySet<string>>;
type BatchMember<T> = (rows: ReadRows) => Promise<T>;

type ReadBatch = { readonly members: number; readonly rows: Promise<ReadonlySet<string>> | undefined };
const empty: ReadBatch = { members: 0, rows: undefined };

export const createBatches = (): ReadBatches => {
  const open = new Map<string, ReadBatch>();
  const of = (name: string): ReadBatch => open.get(name) ?? empty;
  const leave = (name: string): void => {
    const { members, rows } = of(name);
    if (members === 1) open.delete(name);
    else open.set(name, { members: members - 1, rows });
  };
  return {
    join: async (name, read, work) => {
      open.set(name, { ...of(name), members: of(name).members + 1 });
      const rows: ReadRows = () => {
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
