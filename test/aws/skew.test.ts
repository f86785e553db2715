/** A clock that is wrong: AWS takes no request that was signed at another time than its own. */
import { describe, expect, it } from 'vitest';
import { awsCloud } from '../../src/aws/cloud.ts';
import { scaledClock } from '../../src/aws/clock.ts';
import { createClients } from '../../src/aws/clients.ts';
import { whereAmI } from '../../src/aws/identity.ts';
import { createSandbox } from '../../src/sandbox/handle.ts';
import { requestHandler } from '../../src/sandbox/request-handler.ts';
import type { SdkRequestHandler } from '../../src/sandbox/request-handler.ts';
import { brownfield } from '../../src/sandbox/seed.ts';
import { create, permissionSet } from '../contract/changes.ts';
import { catalogue, labels, owner, region, seed } from './bench.ts';

const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
const timeOf = (text = ''): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Five minutes either way (SigV4). */
const tolerance = 5 * 60_000;

const said = (signed: number, now: number): string =>
  signed < now
    ? `Signature expired: ${stamp(signed)} is now earlier than ${stamp(now - tolerance)} (${stamp(now)} - 5 min.)`
    : `Signature not yet current: ${stamp(signed)} is still later than ${stamp(now + tolerance)} (${stamp(now)} + 5 min.)`;

/** The local AWS, which knows what time it is while this machine may not. */
const strict = (handler: SdkRequestHandler, behind: () => number): SdkRequestHandler => ({
  ...handler,
  handle: async (request) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const [signed, now] = [timeOf(headers['x-amz-date']), Date.now() + behind()];
    if (Math.abs(signed - now) <= tolerance) return handler.handle(request);
    const isJson = headers['x-amz-target'] !== undefined;
    const text = said(signed, now);
    const body = isJson
      ? JSON.stringify({ __type: 'InvalidSignatureException', message: text })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>${text}</Message></Error></ErrorResponse>`;
    const type = isJson ? 'application/x-amz-json-1.1' : 'text/xml';
    const response = {
      statusCode: isJson ? 400 : 403,
      headers: { 'content-type': type },
      body: new TextEncoder().encode(body),
    };
    return { response };
  },
});

const hour = 3_600_000;

const roomWith = (behind: () => number) => {
  const sandbox = createSandbox(brownfield(seed, Date.now()), { catalogue });
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  const handler = strict(requestHandler(sandbox, Date.now), behind);
  return createClients({ region, credentials, requestHandler: handler });
};

describe('a clock that is an hour', () => {
  it.each([
    ['slow', hour, 'Signature expired'],
    ['fast', -hour, 'Signature not yet current'],
  ])('%s is said to be wrong', async (_how, behind, words) => {
    await expect(whereAmI(roomWith(() => behind))).rejects.toThrow(
      new RegExp(
        `The clock of this machine is wrong: set it, and run this again\\. AWS says \\w+: ${words}: .*Nothing was read\\.$`,
      ),
    );
  });

  it('wrong in the middle of an apply is why a change failed', async () => {
    let behind = 0;
    const cloud = awsCloud(
      roomWith(() => behind),
      { labels, owner, permissionSets: [], clock: scaledClock(40) },
    );
    await cloud.read();
    behind = hour;
    const { status, reason } = await cloud.apply(create(permissionSet('Wide')));
    expect([status, reason]).toEqual(['failed', expect.stringContaining('The clock of this machine is wrong')]);
  });
});
