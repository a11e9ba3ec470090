/** The version in the package's manifest, for bundles and the doctor. */
export const pluginVersion = '0.1.0';
