import { session, type App, type Session, type WebContents } from "electron";
import { APP_ORIGIN } from "./app-protocol.ts";

/** Exit code when the application is started without its sandbox. */
export const EXIT_NO_SANDBOX = 64;

/** What a page may load from: files of the application, granted evidence, and its own memory. */
const OPEN_SCHEMES = new Set(["app:", "evidence:", "blob:", "data:", "devtools:"]);
const OPEN_PERMISSIONS = new Set(["persistent-storage", "clipboard-sanitized-write", "fullscreen"]);

/**
 * Turns the sandbox on for every window. Started with `--no-sandbox` (the only
 * way to run as root on Linux) it answers a message to end with, unless this is
 * an unpackaged build that was told to allow it. The two must not be mixed:
 * `enableSandbox` with `--no-sandbox` makes Chromium's services crash.
 */
export function guardSandbox(app: App, env: NodeJS.ProcessEnv): string | null {
  if (!app.commandLine.hasSwitch("no-sandbox")) {
    app.enableSandbox();
    return null;
  }
  const allowed = env["APP_E2E"] === "1" || env["INQUEST_ALLOW_ROOT"] === "1";
  if (allowed && !app.isPackaged) return null;
  return "Inquest does not run without its sandbox. Start it as an ordinary user and without --no-sandbox.";
}

/**
 * Closes every way to the network. Each line closes a leak that the others
 * leave open: request filters do not see WebTransport, DNS prefetch, WebRTC or
 * the spell checker's dictionary. To be called before the application is ready.
 */
export function closeNetwork(app: App): void {
  app.commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
  app.commandLine.appendSwitch("no-proxy-server");
  app.commandLine.appendSwitch("disable-background-networking");
  app.commandLine.appendSwitch("disable-component-update");
  app.commandLine.appendSwitch("disable-domain-reliability");
  app.on("session-created", closeSession);
  app.on("web-contents-created", (_event, contents) => {
    closeContents(contents);
  });
  void app.whenReady().then(() => {
    closeSession(session.defaultSession);
  });
}

const closed = new WeakSet<Session>();

function closeSession(of: Session): void {
  if (closed.has(of)) return;
  closed.add(of);
  of.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !OPEN_SCHEMES.has(schemeOf(details.url)) });
  });
  of.setSpellCheckerLanguages([]);
  of.setSpellCheckerEnabled(false);
  of.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(OPEN_PERMISSIONS.has(permission));
  });
  of.setPermissionCheckHandler((_contents, permission) => OPEN_PERMISSIONS.has(permission));
  of.setDevicePermissionHandler(() => false);
  of.on("will-download", (event, item) => {
    const scheme = schemeOf(item.getURL());
    if (scheme !== "blob:" && scheme !== "data:") event.preventDefault();
  });
}

function closeContents(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  contents.on("will-redirect", (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => {
    event.preventDefault();
  });
}

/** True for the one page that the window may show. */
export function isOwnPage(url: string): boolean {
  try {
    // Node gives app: addresses the origin "null".
    const { protocol, host, pathname } = new URL(url);
    const own = `${protocol}//${host}` === APP_ORIGIN;
    return own && (pathname === "/" || pathname === "/index.html");
  } catch {
    return false;
  }
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(":") + 1).toLowerCase();
}
