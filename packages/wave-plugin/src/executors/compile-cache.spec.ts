import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useCompileCache } from './compile-cache';

const uid = process.getuid?.() ?? 0;
let tmp = '';
beforeEach(() => {
  tmp = mkdtempSync(join(tmpdir(), 'compiled-'));
});
afterEach(() => rmSync(tmp, { recursive: true }));

const own = () => join(tmp, `nx-wave-${uid}`);
/** What Node is asked for, and what the caller is told. */
function use(env: NodeJS.ProcessEnv = {}) {
  const asked: string[] = [];
  const told = useCompileCache({ tmp, env, uid, enable: (folder) => asked.push(folder) });
  return { asked, told };
}

it('compiled code is kept below a folder that only this user can enter, which is made', () => {
  const folder = join(own(), 'compiled');
  expect(use()).toEqual({ asked: [folder], told: folder });
  expect(use()).toEqual({ asked: [folder], told: folder });
});

it.each<[string, () => void]>([
  ['others can enter it', () => (mkdirSync(own()), chmodSync(own(), 0o755))],
  [
    'it is a link to another folder',
    () => (mkdirSync(join(tmp, 'elsewhere'), { mode: 0o700 }), symlinkSync('elsewhere', own())),
  ],
  ['it is a file', () => writeFileSync(own(), '')],
])('nothing is kept where %s', (_, lay) => {
  lay();
  expect(use()).toEqual({ asked: [], told: null });
});

it('nothing is kept, and no folder made, where Nx is told to keep nothing', () => {
  expect(use({ NX_COMPILE_CACHE: 'false' })).toEqual({ asked: [], told: null });
  expect(existsSync(own())).toBe(false);
});

it('a Node that cannot keep it, or fails to, changes nothing', () => {
  const fails = () => {
    throw new Error('no');
  };
  expect(useCompileCache({ tmp, env: {}, uid, enable: fails })).toBeNull();
  expect(useCompileCache({ tmp, env: {}, uid: uid + 1, enable: () => undefined })).toBeNull();
});
