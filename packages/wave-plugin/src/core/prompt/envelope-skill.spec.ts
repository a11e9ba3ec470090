import { withEnvelopeSkill } from './envelope-skill';

const shipped = '---\nname: wave-envelope\n---\n\n# Ours\n';
const reader = { path: 'skills/reader/SKILL.md', text: '# Reading' };

describe('withEnvelopeSkill', () => {
  it('takes the shipped text where the workspace has none of its own', () => {
    expect(withEnvelopeSkill([reader], shipped)).toEqual({ skills: [reader], envelope: '# Ours\n' });
  });

  it('takes that of the workspace in its place, shows it once, and without front matter', () => {
    const own = {
      path: 'skills/wave-envelope/SKILL.md',
      text: '---\nname: wave-envelope\n---\n\n# Theirs\n',
    };
    expect(withEnvelopeSkill([reader, own], shipped)).toEqual({ skills: [reader], envelope: '# Theirs\n' });
  });
});
