/** The door of `npm start`. */
import "./door.js";

await import("./start.ts");
