/** How long a password has to be, as the server wants it. */

export const MIN_PASSWORD_LENGTH = 8;
