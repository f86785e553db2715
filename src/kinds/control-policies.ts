/**
 * The types of Organizations policies, a row each: everything that tells an SCP from an RCP but for how it is evaluated.
 * A kind that `model/resource.ts` names and this table lacks does not compile.
 */
import type { QuotaName } from '../model/quotas.ts';
import { FULL_AWS_ACCESS, RCP_FULL_AWS_ACCESS, controlKinds } from '../model/resource.ts';
import type { ControlKind } from '../model/resource.ts';

export type ControlPolicyType = {
  readonly word: string;
  readonly longWord: string;
  readonly plural: string;
  /** `iam`: statements that allow or deny, which are judged. `json`: settings, which are only compared. */
  readonly language: 'iam' | 'json';
  /** Whether its statements may allow, or only deny. */
  readonly effects: 'allow or deny' | 'deny only' | 'none';
  readonly quotas: {
    /** Characters of the content. */
    readonly size: QuotaName;
    readonly perTarget: QuotaName;
    readonly perOrganization: QuotaName;
  };
  /** AWS's own policy that allows everything. One that `stays` hangs on every target and no state lists it. */
  readonly fullAccess?: { readonly name: string; readonly detaching: 'possible' | 'refused' };
};

export const controlPolicyTypes: Readonly<Record<ControlKind, ControlPolicyType>> = {
  scp: {
    word: 'SCP',
    longWord: 'service control policy',
    plural: 'SCPs',
    language: 'iam',
    effects: 'allow or deny',
    quotas: { size: 'scpSize', perTarget: 'scpsPerTarget', perOrganization: 'scpsPerOrganization' },
    fullAccess: { name: FULL_AWS_ACCESS, detaching: 'possible' },
  },
  rcp: {
    word: 'RCP',
    longWord: 'resource control policy',
    plural: 'RCPs',
    language: 'iam',
    effects: 'deny only',
    quotas: { size: 'rcpSize', perTarget: 'rcpsPerTarget', perOrganization: 'rcpsPerOrganization' },
    // AWS attaches it everywhere and does not let it be detached (Organizations User Guide, "RCPs").
    fullAccess: { name: RCP_FULL_AWS_ACCESS, detaching: 'refused' },
  },
};

/** Kinds whose policies allow or deny. */
export const guardRailKinds: readonly ControlKind[] = controlKinds.filter(
  (kind) => controlPolicyTypes[kind].language === 'iam',
);

/** AWS's policies that hang on every target while the type is enabled, and that nobody can detach. */
export const fixedPolicies = (kind: ControlKind): readonly string[] => {
  const { fullAccess } = controlPolicyTypes[kind];
  return fullAccess?.detaching === 'refused' ? [fullAccess.name] : [];
};

export const isFullAccessName = (name: string): boolean =>
  controlKinds.some((kind) => controlPolicyTypes[kind].fullAccess?.name === name);

export const canAllow = (kind: ControlKind): boolean => controlPolicyTypes[kind].effects === 'allow or deny';
