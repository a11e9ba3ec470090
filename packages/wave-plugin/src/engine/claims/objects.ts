import { admissionSchema, claimSchema, type Admission, type Claim } from '@nx-wave/schemas';
import { storeKeys } from '../../core/shared-store/backend';
import type { ObjectKind } from './change-object';

export const claimKind = (workKey: string): ObjectKind<Claim> => ({
  key: storeKeys.claim(workKey),
  schema: claimSchema,
});

export const admissionKind = (project: string): ObjectKind<Admission> => ({
  key: storeKeys.wave(project),
  schema: admissionSchema,
});
