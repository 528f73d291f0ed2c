import { describe, test } from 'vitest';
import { foundCommunity } from '../../src/domain/founding.ts';
import { nameOrganisation } from '../../src/domain/organisation.ts';
import {
  archiveCommunity,
  changeCommunityAccess,
  describeCommunity,
  renameCommunity,
  reopenCommunity,
} from '../../src/domain/steering.ts';
import { given, NEW_ID } from '../support/given.ts';
import {
  abandoned,
  ada,
  admin,
  archived,
  bao,
  forming,
  founded,
  garden,
  hidden,
  joined,
  reopened,
} from '../support/story.ts';

const rename = { communityId: garden, name: 'Orchard' };

describe('founding', () => {
  test('a community is public and open unless its founder says otherwise', () => {
    given()
      .when(foundCommunity, { name: 'Garden', slug: 'garden' }, ada)
      .yields({
        type: 'CommunityFounded',
        data: { communityId: NEW_ID, visibility: 'PUBLIC', joinPolicy: 'OPEN', founderId: ada.memberId },
      });
  });
});

describe('steering', () => {
  test('the founder renames a community, and it keeps its slug unless a new one is given', () => {
    given(founded())
      .when(renameCommunity, rename, ada)
      .yields({ type: 'CommunityRenamed', data: { name: 'Orchard', slug: 'garden' } });
  });

  test('an admin renames a community', () => {
    given(founded()).when(renameCommunity, rename, admin).yields({ type: 'CommunityRenamed' });
  });

  test('somebody else does not', () => {
    given(founded(), joined(bao)).when(renameCommunity, rename, bao).rejects('NOT_ALLOWED');
  });

  test('asking for the name it has already changes nothing', () => {
    given(founded()).when(renameCommunity, { communityId: garden, name: 'Garden' }, ada).yields();
  });

  test('asking for the description it has already changes nothing', () => {
    given(founded()).when(describeCommunity, { communityId: garden, description: '' }, ada).yields();
  });

  test('asking for the access it has already changes nothing', () => {
    const access = { communityId: garden, visibility: 'PUBLIC', joinPolicy: 'OPEN' } as const;
    given(founded()).when(changeCommunityAccess, access, ada).yields();
  });

  test('a private community is not there for who may not steer it', () => {
    given(hidden()).when(renameCommunity, rename, bao).rejects('COMMUNITY_NOT_FOUND');
    given(hidden(), archived).when(archiveCommunity, { communityId: garden }, bao).rejects('COMMUNITY_NOT_FOUND');
  });

  test('a community that never was cannot be steered', () => {
    given().when(renameCommunity, rename, admin).rejects('COMMUNITY_NOT_FOUND');
  });

  test('a founding that was given up left no community behind', () => {
    given(abandoned).when(renameCommunity, rename, admin).rejects('COMMUNITY_NOT_FOUND');
  });
});

describe('archiving', () => {
  const archive = { communityId: garden };

  test('the founder archives a community', () => {
    given(founded()).when(archiveCommunity, archive, ada).yields({ type: 'CommunityArchived' });
  });

  test('archiving it again changes nothing', () => {
    given(founded(), archived).when(archiveCommunity, archive, ada).yields();
  });

  test('only who steers it hears that', () => {
    given(founded(), archived).when(archiveCommunity, archive, bao).rejects('NOT_ALLOWED');
  });

  test('an archived community is reopened with a reason, as what it was, and under another slug where it is given one', () => {
    const reopen = { ...archive, reason: 'The season begins.' };
    given(founded(), archived)
      .when(reopenCommunity, reopen, ada)
      .yields({
        type: 'CommunityReopened',
        data: { slug: 'garden', status: 'ACTIVE', reopenedBy: ada.memberId },
        personal: { reason: 'The season begins.' },
      });
    given(forming(), archived)
      .when(reopenCommunity, { ...reopen, slug: 'orchard' }, admin)
      .yields({ type: 'CommunityReopened', data: { slug: 'orchard', status: 'FORMING' } });
    given(founded()).when(reopenCommunity, reopen, ada).yields();
    given(founded(), archived).when(reopenCommunity, reopen, bao).rejects('NOT_ALLOWED');
    given(founded(), archived, reopened).when(renameCommunity, rename, ada).yields({ type: 'CommunityRenamed' });
  });

  test('an archived community keeps its name, its description and its access', () => {
    const access = { communityId: garden, visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' } as const;
    given(founded(), archived).when(renameCommunity, rename, ada).rejects('COMMUNITY_ARCHIVED');
    given(founded(), archived)
      .when(describeCommunity, { communityId: garden, description: 'New' }, ada)
      .rejects('COMMUNITY_ARCHIVED');
    given(founded(), archived).when(changeCommunityAccess, access, ada).rejects('COMMUNITY_ARCHIVED');
  });
});

describe('the organisation', () => {
  test('an admin names it', () => {
    given()
      .when(nameOrganisation, { name: 'Belorme' }, admin)
      .yields({ type: 'OrganisationNamed', data: { name: 'Belorme' } });
  });

  test('nobody else does', () => {
    given().when(nameOrganisation, { name: 'Belorme' }, ada).rejects('NOT_ALLOWED');
  });
});
