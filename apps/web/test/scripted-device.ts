/** A device whose server, network and time are in a test's hands: the sync client's own, for the page's tests. */
export { full, idOf, increment, row, tick } from "../../../packages/sync-client/test/scripted-server.ts";
export { detail, message, NO_NETWORK, summary, turn } from "../../../packages/sync-client/test/scripted-transport.ts";
export { VirtualEnvironment } from "../../../packages/sync-client/test/virtual-environment.ts";
export {
  openDevice,
  type WholeDevice,
  wholeDevice,
  type WholeOptions,
} from "../../../packages/sync-client/test/whole-device.ts";
