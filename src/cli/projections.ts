import { defineCommand } from 'citty';

export const projectionsCommand = defineCommand({
  meta: { description: 'The read models: how they stand, made anew, proven' },
  subCommands: {},
});
