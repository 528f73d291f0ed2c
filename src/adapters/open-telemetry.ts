import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Tracing } from '../core/tracing.ts';

type Applying = {
  readonly position: bigint;
  readonly within: Context;
  readonly since: number;
  readonly open: Set<string>;
};

/** Appends whose read models are waited for; more than that are not shown to their end. */
const MAX_APPLYING = 1_000;

/**
 * Spans by OpenTelemetry's interface alone: where no SDK is registered it does nothing. An append is over before read models
 * take it in, so their spans are made when they have, and reach back to it.
 */
export const openTracing = (projections: readonly string[]): Tracing => {
  const tracer = trace.getTracer('palabre');
  let applying: Applying[] = [];

  const finish = async <R>(span: Span, work: () => Promise<R>): Promise<R> => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  };

  return {
    span: (name, attributes, work) => tracer.startActiveSpan(name, { attributes }, (span) => finish(span, work)),
    request: (headers, name, attributes, work) =>
      tracer.startActiveSpan(
        name,
        { attributes, kind: SpanKind.SERVER },
        propagation.extract(context.active(), headers),
        (span) => finish(span, work),
      ),
    appended: (position) => {
      if (!trace.getActiveSpan()?.isRecording() || applying.length >= MAX_APPLYING) return;
      applying.push({ position, within: context.active(), since: Date.now(), open: new Set(projections) });
    },
    applied: (projection, position) => {
      if (applying.length === 0) return;
      for (const { position: wanted, within, since, open } of applying)
        if (wanted <= position && open.delete(projection))
          tracer.startSpan(`project ${projection}`, { startTime: since, attributes: { projection } }, within).end();
      applying = applying.filter(({ open }) => open.size > 0);
    },
  };
};
