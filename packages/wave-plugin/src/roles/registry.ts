import { type RoleRule } from '../core/model';
import { contEvalRole } from './cont-eval.role';
import { contQaRole } from './cont-qa.role';
import { deployRole } from './deploy.role';
import { designRole } from './design.role';
import { documentationRole } from './documentation.role';
import { implementationRole } from './implementation.role';
import { infraRole } from './infra.role';
import { integrationRole } from './integration.role';
import { researchRole } from './research.role';
import { securityRole } from './security.role';

/** Every role, in matching order: the first rule that matches an agent is its role; the last matches all. */
export const roles: readonly RoleRule[] = [
  contQaRole,
  contEvalRole,
  integrationRole,
  documentationRole,
  designRole,
  securityRole,
  infraRole,
  deployRole,
  researchRole,
  implementationRole,
];
