/** `sandbox serve --empty`: an AWS for whoever has no repository. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { expect, it } from 'vitest';
import { realClock } from '../../src/aws/clock.ts';
import type { CommandContext } from '../../src/commands/run/context.ts';
import { serveCommand } from '../../src/commands/sandbox.ts';

type Use = (client: OrganizationsClient, said: string) => Promise<void>;

/** Serves it in this process while it is used. */
const serving = async (folder: string | undefined, use: Use): Promise<void> => {
  const stop = new AbortController();
  const options = { dir: '/nowhere', format: 'text', verbose: false, nowIsGiven: false } as const;
  const context = (out: (text: string) => void): Partial<CommandContext> => ({
    options: folder === undefined ? options : { ...options, sandbox: folder },
    out,
    err: () => undefined,
    clock: realClock,
    interrupt: stop.signal,
    env: { AWS_REGION: 'eu-central-1' },
  });
  let served: Promise<number> = Promise.resolve(1);
  const said = await new Promise<string>((resolve) => {
    served = serveCommand(context(resolve) as CommandContext, { port: 0, empty: true });
  });
  const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1] ?? '';
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'x' };
  const client = new OrganizationsClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  await use(client, said);
  client.destroy();
  stop.abort();
  expect(await served).toBe(0);
};

const create: Use = async (client, said) => {
  expect(said).toContain('AWS_REGION=eu-central-1');
  await expect(client.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
  });
  await client.send(new CreateOrganizationCommand({}));
};

it('begins from nothing each time, without a repository', async () => {
  await serving(undefined, create);
  await serving(undefined, create);
});

it('is kept from one time to the next in the folder that is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-empty-'));
  try {
    await serving(folder, create);
    await serving(folder, async (client) => {
      const { Organization } = await client.send(new DescribeOrganizationCommand({}));
      expect(Organization?.MasterAccountId).toBe('123456789012');
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
