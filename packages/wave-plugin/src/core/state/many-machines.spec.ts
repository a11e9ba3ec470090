import { unprotectedMachines } from './many-machines';

const none = { store: { url: null, path: null } };

describe('what nothing protects on many machines', () => {
  it.each(['NX_CI_EXECUTION_ID', 'NX_AGENT_NAME'])(
    'is told where %s is set and no store is configured',
    (name) => {
      const told = unprotectedMachines({ [name]: '1' }, none);
      expect(told).toMatchObject({ code: 'machines-unprotected', severity: 'warning' });
      expect(told?.message).toMatch(/pays by itself.*budget.*lost/);
      expect(told?.next).toContain('store.url');
    },
  );

  it.each([
    { url: 'azblob://account/container', path: null },
    { url: null, path: '../store' },
  ])('is nothing where they share a store: %j', (store) => {
    expect(unprotectedMachines({ NX_CI_EXECUTION_ID: '1' }, { store })).toBeNull();
  });

  it('is nothing where one machine runs, and the value of the variable is not told', () => {
    expect(unprotectedMachines({ CI: 'true', NX_CI_EXECUTION_ID: '' }, none)).toBeNull();
    expect(unprotectedMachines({ NX_CLOUD_DISTRIBUTED_EXECUTION: 'false' }, none)).toBeNull();
    expect(JSON.stringify(unprotectedMachines({ NX_CI_EXECUTION_ID: 'run-of-ours' }, none))).not.toContain(
      'run-of-ours',
    );
  });
});
