import { json, type Shape } from '../proof-case';

/** A crate whose tests run by a script: what stands for cargo compares words, because no toolchain is needed here. */
export const rust: Shape = {
  runner: 'scripts',
  commands: ['sh tools/cargo.sh test'],
  files: {
    'Cargo.toml': '[package]\nname = "clamp"\nversion = "0.1.0"\nedition = "2021"\n',
    'src/lib.rs': `pub mod range;

#[cfg(test)]
mod tests {
    #[test]
    fn keeps_inside() {
        assert_eq!(crate::range::clamp(5, 0, 3), 3);
    }
}
`,
    'src/range.rs': `pub fn clamp(value: i32, low: i32, high: i32) -> i32 {
    value.max(low).min(high)
}
`,
    'tools/cargo.sh': 'grep -q "fn clamp" src/range.rs && grep -q "assert_eq" src/lib.rs\n',
  },
};

/** A Python package; a script stands for pytest. */
export const python: Shape = {
  runner: 'scripts',
  commands: ['sh tools/pytest.sh'],
  files: {
    'pyproject.toml': '[project]\nname = "mean"\nversion = "0.1.0"\n',
    'mean/__init__.py': 'from .mean import mean\n',
    'mean/mean.py': 'def mean(values):\n    return sum(values) / len(values)\n',
    'tests/test_mean.py': 'from mean import mean\n\n\ndef test_mean():\n    assert mean([1, 2, 3]) == 2\n',
    'tools/pytest.sh': 'grep -rq "def mean" mean && grep -rq "assert mean" tests\n',
  },
};

/** Pages with a checker of links. */
export const docs: Shape = {
  runner: 'scripts',
  commands: ['node tools/links.mjs'],
  files: {
    'package.json': json({ name: 'docs', private: true }),
    'docs/index.md': '# Start\n\nSee [setup](setup.md).\n',
    'docs/setup.md': '# Setup\n\nInstall it.\n',
    'tools/links.mjs': `import { existsSync, readFileSync, readdirSync } from 'node:fs';
for (const name of readdirSync('docs').filter((one) => one.endsWith('.md')))
  for (const [, to] of readFileSync('docs/' + name, 'utf8').matchAll(/\\]\\(([^)#]+)\\)/g))
    if (!existsSync('docs/' + to)) { console.error(name + ' leads nowhere: ' + to); process.exit(1); }
`,
  },
};
