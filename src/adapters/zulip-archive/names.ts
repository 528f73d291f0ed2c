/** As long as a name may be that is given here. */
const MAX_NAME = 120;
// Format characters (direction marks, joiners, zero-width spaces), controls, and letters that show nothing.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What can be seen of a text of one line. */
export const visible = (written: string): string => written.replace(INVISIBLE, '').trim();

/** A name as it is shown, and what was done to it: nothing of it is invisible, and it is no longer than one that is given here. */
export const shownName = (written: string, otherwise: string) => {
  const seen = visible(written);
  const short = [...seen].slice(0, MAX_NAME).join('').trim();
  return {
    name: short || otherwise,
    wasReplaced: short === '',
    hadInvisible: short !== '' && seen !== written.trim(),
    wasCut: short !== seen,
  };
};
