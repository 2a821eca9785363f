import { foreignParts } from './native-parts.mjs';

/**
 * electron-builder's configuration for a target, without other targets' parts, with what the environment has secrets for. Without any, Windows gets an unsigned
 * program and macOS one with an ad-hoc signature, without which Apple's processors start nothing; with the maintainer's,
 * both are signed, and macOS' is notarised. docs/packaging.md has the steps.
 *
 * @param {Record<string, any>} config electron-builder.yml
 * @param {import('./native-parts.mjs').Target} target
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function builderConfig(config, target, environment) {
  const has = (...names) => names.every((name) => Boolean(environment[name]));
  const isSigned = has('CSC_LINK') || has('CSC_NAME');
  const isNotarised =
    isSigned &&
    (has('APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER') ||
      has('APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID') ||
      has('APPLE_KEYCHAIN', 'APPLE_KEYCHAIN_PROFILE'));
  const { identity: _, ...mac } = config.mac;
  const signature = isSigned
    ? { ...mac, entitlements: SIGNED, entitlementsInherit: SIGNED }
    : { ...config.mac, entitlements: AD_HOC, entitlementsInherit: AD_HOC };
  const files = [...config.files, ...foreignParts(target)];
  return { ...config, files, mac: { ...signature, notarize: isNotarised } };
}

const SIGNED = 'resources/entitlements.signed.plist';
/** An ad-hoc signature has no team, so that the libraries cannot be of the same one. */
const AD_HOC = 'resources/entitlements.adhoc.plist';
