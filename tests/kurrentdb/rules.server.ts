import { kurrentRules } from '../adapters/kurrentdb-rules.ts';

kurrentRules('a real KurrentDB', async () => process.env.TEST_KURRENTDB_URL ?? '');
