/** What a model thought before it said something, beside what it said; left null where nothing is known of it. */

export const thoughts = `
ALTER TABLE message ADD COLUMN thoughts TEXT;
ALTER TABLE version_message ADD COLUMN thoughts TEXT;
`;
