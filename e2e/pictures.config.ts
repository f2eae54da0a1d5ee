/** The pictures of README, taken by the same browser as the tests'. */
import config from "./playwright.config.ts";

export default { ...config, testMatch: ["pictures/**/*.spec.ts"], workers: 1 };
