/** What a reply cost, as JSON; null where its endpoint said nothing. */

export const usage = `
ALTER TABLE message ADD COLUMN usage TEXT;
ALTER TABLE version_message ADD COLUMN usage TEXT;
`;
