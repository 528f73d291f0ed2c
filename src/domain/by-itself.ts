import type { Principal } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';

/** Refuses whoever asks for what processes alone do. `when` goes on with the sentence: `, when its time has come`. */
export const assertActsByItself = ({ kind }: Principal, when = ''): void => {
  if (kind !== 'SYSTEM') throw new Rejection('NOT_ALLOWED', `This happens by itself${when}.`);
};
