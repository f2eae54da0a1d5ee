/** Under which the browser keeps what was shared, while somebody signs in. */
export const SHARED_KEY = "instep.shared";
