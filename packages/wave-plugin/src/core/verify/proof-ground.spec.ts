import { proofGround } from './proof-ground';

describe('proofGround', () => {
  it('is nothing where the home is that of the person, as before there was a choice', () => {
    expect(proofGround({ home: 'user', env: [] }, {})).toEqual({});
  });

  it('holds the private home, and each variable with the value of today', () => {
    expect(proofGround({ home: 'private', env: ['A', 'B=2', 'C'] }, { A: '1' })).toEqual({
      home: 'private',
      env: [
        ['A', '1'],
        ['B', '2'],
        ['C', null],
      ],
    });
  });

  it('holds no variable that could not be given to a command', () => {
    const env = ['not a name', 'HOME=/root', 'GIT_DIR', 'A=1'];
    expect(proofGround({ home: 'user', env }, { GIT_DIR: '/x' })).toEqual({ env: [['A', '1']] });
    expect(proofGround({ home: 'user', env: ['HOME=/root'] }, {})).toEqual({});
  });
});
