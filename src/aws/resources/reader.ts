/** How the policies of one service's resources are read: a list, and one call for each. */
import type { AccountId } from '../../model/resource.ts';

/** A resource as its service lists it; `id` is what asks for its policy. */
export type ListedResource = { readonly arn: string; readonly id: string; readonly region: string };

/** An account's part of one Region; S3 lists all of an account in one. */
export type ReaderPlace = { readonly account: AccountId; readonly region: string };

/** `policy` answers nothing where there is none, or where the resource went meanwhile. */
export type ResourceReader = {
  readonly list: () => Promise<readonly ListedResource[]>;
  /** Of the ARN, without a list. */
  readonly named: (arn: string) => ListedResource;
  readonly policy: (listed: ListedResource) => Promise<string | undefined>;
};

type TokenPage<Row> = { readonly rows: readonly Row[] | undefined; readonly next: string | undefined };

/** Every row of every page, whatever the service calls its tokens. */
export const everyRow = async <Row>(
  page: (token: string | undefined) => Promise<TokenPage<Row>>,
): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  let token: string | undefined;
  do {
    const answer = await page(token);
    rows.push(...(answer.rows ?? []));
    token = answer.next === '' ? undefined : answer.next;
  } while (token !== undefined);
  return rows;
};
