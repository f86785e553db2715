/** Which policies of resources an answer may hang on: those of the service that the action is of, or the one of a resource. */
import { resourceOfArn, resourceServiceNames } from '../kinds/resource-policies.ts';
import type { ResourceService } from '../kinds/resource-policies.ts';

export type ResourcesAsked = {
  readonly services: readonly ResourceService[];
  /** ARN of the one that is meant, and its Region where the ARN says it. */
  readonly only?: string;
  readonly region?: string;
};

/** An object lies in its bucket, whose policy speaks of it. */
const holding = (arn: string): string => (/^arn:aws:s3:::/.test(arn) ? (arn.split('/')[0] ?? arn) : arn);

const isOne = (arn: string): boolean => !/[*?]/.test(arn);

const isService = (text: string): text is ResourceService => (resourceServiceNames as readonly string[]).includes(text);

/** Nothing where no policy of a resource has a say. */
export const resourcesAsked = ({
  action,
  resource,
}: {
  readonly action: string;
  readonly resource?: string;
}): ResourcesAsked | undefined => {
  const arn = holding(resource ?? '*');
  const found = isOne(arn) ? resourceOfArn(arn) : undefined;
  if (found !== undefined) {
    return { services: [found.service], only: arn, ...(found.region === '' ? {} : { region: found.region }) };
  }
  const [service = ''] = action.toLowerCase().split(':');
  if (/[*?]/.test(service)) return { services: resourceServiceNames };
  return isService(service) ? { services: [service] } : undefined;
};
