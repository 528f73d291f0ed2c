import type { Upcasts } from '../core/catalogue.ts';

/** Retired stored shapes and what they read as today. It grows and never shrinks. */
export const upcasts: Upcasts = {};
