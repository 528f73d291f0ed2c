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
        // Looked up first: a figure that cannot be had now stays what it was, and says so by `database_up` beside it.
        const shown = await look();
        const [gauge, counter] = [gauges.get(name), counters.get(name)];
        gauge?.reset();
        counter?.reset();
        for (const { labels, value } of shown) {
          gauge?.set(labels, value);
          counter?.inc(labels, value);
        }
      });
    },
    page: async () => {
      // A figure that cannot be had now does not hold up the others.
      await Promise.allSettled([...looks.values()].map((look) => look()));
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
};
