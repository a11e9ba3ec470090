import { withoutFrontMatter } from './front-matter';

/** Id of the skill that says how a result envelope is written. */
export const envelopeSkillId = 'wave-envelope';

interface SkillText {
  path: string;
  text: string;
}

/**
 * The text on result envelopes, and the other skills of an agent. A skill of the workspace with the id `wave-envelope` replaces the
 * shipped text: it is a skill of the agent like any other, so that the keys have counted it.
 */
export function withEnvelopeSkill(
  skills: readonly SkillText[],
  shipped: string,
): { skills: SkillText[]; envelope: string } {
  const isOwn = ({ path }: SkillText) => path.endsWith(`/${envelopeSkillId}/SKILL.md`);
  const own = skills.find(isOwn);
  return {
    skills: skills.filter((skill) => !isOwn(skill)),
    envelope: withoutFrontMatter(own?.text ?? shipped),
  };
}
