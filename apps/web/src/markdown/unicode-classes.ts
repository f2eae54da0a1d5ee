/** The classes of characters that the parser asks for, as the browser knows them itself: see the page's build settings. */

export const P = /\p{P}/u;
export const S = /\p{S}/u;
