/** What a frontend asks for to show a community: its name, its size, its latest posts with authors and counts. */
export const COMMUNITY_PAGE = `
  query CommunityPage($slug: String!) {
    community(slug: $slug) {
      id
      name
      slug
      memberCount
      posts(first: 20) {
        nodes {
          id
          kind
          title
          body
          publishedAt
          author { id name handle }
          commentCount
          reactionCount
        }
      }
    }
  }`;
