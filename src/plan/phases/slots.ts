/** How many policies hang on a target while a plan is carried out. */
import { controlPolicyTypes, fixedPolicies } from '../../kinds/control-policies.ts';
import { grouped } from '../../model/lists.ts';
import { quotas } from '../../model/quotas.ts';
import type { Attachment, ControlKind, Key, State } from '../../model/resource.ts';
import { isSettingsKind, resourcesOf, targetText } from '../../model/resource.ts';
import type { Draft, Drafts, OrderGap } from './draft.ts';
import { isFullAccess } from '../situation/situation.ts';

type Overrides = Readonly<Record<string, number>>;

const placeOf = ({ policy, target }: Attachment): string => `${policy.kind}@${targetText(target)}`;
const kindOfPlace = (place: string): ControlKind => place.slice(0, place.indexOf('@')) as ControlKind;

/** A policy of AWS that cannot be detached takes one of the slots (Organizations quotas, "RCPs per node"). */
const slotsOf = (kind: ControlKind, overrides: Overrides): number => {
  const { perTarget: name } = controlPolicyTypes[kind].quotas;
  return name === undefined ? Infinity : (overrides[name] ?? quotas[name]) - fixedPolicies(kind).length;
};

const attachmentOf = ({ before, after }: Draft): Attachment | undefined => {
  const resource = after ?? before;
  return resource?.kind === 'attachment' ? resource : undefined;
};

type Crowd = { readonly place: string; readonly surplus: number; readonly drafts: readonly Draft[] };

const crowds = (current: State, drafts: readonly Draft[], overrides: Overrides): readonly Crowd[] => {
  const hanging = grouped(resourcesOf(current, 'attachment'), placeOf);
  const changing = grouped(
    drafts.filter(({ held }) => held === undefined),
    (draft) => {
      const attachment = attachmentOf(draft);
      return attachment === undefined ? undefined : placeOf(attachment);
    },
  );
  return [...changing]
    .map(([place, list]): Crowd => {
      const coming = list.filter(({ action }) => action === 'create').length;
      const surplus =
        coming === 0 ? 0 : coming + (hanging.get(place)?.length ?? 0) - slotsOf(kindOfPlace(place), overrides);
      return { place, surplus, drafts: list };
    })
    .filter(({ surplus }) => surplus > 0);
};

const canGoFirst = (draft: Draft): boolean => {
  const attachment = attachmentOf(draft);
  return draft.action === 'delete' && !draft.temporary && attachment !== undefined && !isFullAccess(attachment);
};

/** The phase of what takes its slot. */
const phaseOfEarly = (draft: Draft): Draft['phase'] => {
  const kind = attachmentOf(draft)?.policy.kind;
  return kind !== undefined && isSettingsKind(kind) ? 'prepare' : 'restrict';
};

type Remedy = { readonly early: readonly Key[]; readonly coming: readonly Key[]; readonly gap: OrderGap };

const remedyOf = ({ place, surplus, drafts }: Crowd): Remedy => {
  const early = drafts
    .filter(canGoFirst)
    .slice(0, surplus)
    .map(({ key }) => key);
  const coming = drafts.filter(({ action }) => action === 'create').map(({ key }) => key);
  const where = place.slice(place.indexOf('@') + 1);
  const message =
    early.length < surplus
      ? `${where} would hold ${surplus} policies more than AWS allows. Take some of them off or merge them.`
      : `${where} has no free slot: ${early.join(', ')} would come down before its successor is up. Merge policies, free a slot first, or grant an exception.`;
  return { early, coming, gap: { guard: 'policy-slots', key: coming[0] ?? where, message } };
};

/** Attaching goes before detaching while a slot is free; otherwise what must come down first does, and that is a gap. */
export const withSlots = ({ drafts, gaps }: Drafts, current: State, overrides: Overrides): Drafts => {
  const remedies = crowds(current, drafts, overrides).map(remedyOf);
  const early = new Set(remedies.flatMap((remedy) => remedy.early));
  const waiting = new Map(remedies.flatMap((remedy) => remedy.coming.map((key) => [key, remedy.early] as const)));
  const placed = drafts.map((draft): Draft => {
    if (early.has(draft.key)) return { ...draft, phase: phaseOfEarly(draft) };
    const afterKeys = draft.action === 'create' ? waiting.get(draft.key) : undefined;
    return afterKeys === undefined ? draft : { ...draft, afterKeys };
  });
  return { drafts: placed, gaps: [...gaps, ...remedies.map(({ gap }) => gap)] };
};
