import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Measure, type Measures, measures } from '../core/measures.ts';

const PREFIX = 'palabre_';

export type Prometheus = Measures & {
  /** All figures as Prometheus reads them. */
  page(): Promise<{ readonly type: string; readonly text: string }>;
};

export const openPrometheus = (): Prometheus => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  const looks = new Map<string, () => Promise<void>>();

  for (const [name, { kind, help, labels, buckets }] of Object.entries(measures) as [string, Measure][]) {
    const given = { name: PREFIX + name, help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') counters.set(name, new Counter(given));
    if (kind === 'histogram') histograms.set(name, new Histogram({ ...given, buckets: [...(buckets ?? [])] }));
    if (kind === 'gauge') gauges.set(name, new Gauge(given));
  }

  return {
    count: (name, labels) => counters.get(name)?.inc(labels),
    observe: (name, value, labels) => histograms.get(name)?.observe(labels, value),
    show: (name, look) => {
      looks.set(name, async () => {
        const gauge = gauges.get(name);
        gauge?.reset();
        for (const { labels, value } of await look()) gauge?.set(labels, value);
      });
    },
    page: async () => {
      // A figure that cannot be had now is left out; the others are told.
      await Promise.allSettled([...looks.values()].map((look) => look()));
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
};
