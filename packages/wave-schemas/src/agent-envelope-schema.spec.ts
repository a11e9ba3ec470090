import Ajv2020 from 'ajv/dist/2020';
import { agentEnvelopeJsonSchema } from './agent-envelope-schema';
import { envelopeRoles } from './vocabulary';

const proof = {
  state: 'satisfied',
  completion: 'contract',
  durability: 'none',
  proofLevel: 'unit',
  detail: null,
};

describe('agentEnvelopeJsonSchema', () => {
  it.each(envelopeRoles)(
    'asks an agent of role %s for its claims and nothing that the runner knows better',
    (role) => {
      const schema = agentEnvelopeJsonSchema(role);
      expect([...(schema['required'] as string[])].sort()).toEqual(
        ['agentId', 'proof', 'role', 'schemaVersion', role].sort(),
      );
    },
  );

  it('accepts the smallest implementation envelope and refuses one without its payload', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(agentEnvelopeJsonSchema('implementation'));
    const small = { schemaVersion: 2, agentId: 'A1', role: 'implementation', proof };
    const implementation = { docDelta: { state: 'none', paths: [], detail: null }, components: [] };
    expect(validate({ ...small, implementation })).toBe(true);
    expect(validate(small)).toBe(false);
  });
});
