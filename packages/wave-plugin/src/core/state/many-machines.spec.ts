import { unprotectedMachines } from './many-machines';

const none = { storePath: null };

describe('what nothing protects on many machines', () => {
  it.each(['NX_CI_EXECUTION_ID', 'NX_AGENT_NAME'])(
    'is told where %s is set and no store is configured',
    (name) => {
      const told = unprotectedMachines({ [name]: '1' }, none);
      expect(told).toMatchObject({ code: 'machines-unprotected', severity: 'warning' });
      expect(told?.message).toMatch(/pays by itself.*budget.*lost/);
      expect(told?.next).toContain('store.path');
    },
  );

  it('is told of a shared folder too, without what that protects', () => {
    const told = unprotectedMachines({ NX_CI_EXECUTION_ID: '1' }, { storePath: '../store' });
    expect(told?.message).not.toContain('pays by itself');
    expect(told?.message).toContain('budget');
  });

  it('is nothing where one machine runs, and the value of the variable is not told', () => {
    expect(unprotectedMachines({ CI: 'true', NX_CI_EXECUTION_ID: '' }, none)).toBeNull();
    expect(unprotectedMachines({ NX_CLOUD_DISTRIBUTED_EXECUTION: 'false' }, none)).toBeNull();
    expect(JSON.stringify(unprotectedMachines({ NX_CI_EXECUTION_ID: 'run-of-ours' }, none))).not.toContain(
      'run-of-ours',
    );
  });
});
