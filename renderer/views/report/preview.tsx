import { useEffect, useRef } from "react";

interface PreviewProps {
  readonly html: string;
  readonly label: string;
  readonly className: string;
}

/** A report in a shadow root: its styles stay inside, ours outside, and its script does not run. */
export function Preview({ html, label, className }: PreviewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const parsed = new DOMParser().parseFromString(html, "text/html");
    for (const script of parsed.querySelectorAll("script")) script.remove();
    const page = document.createElement("div");
    page.className = "page-body";
    page.append(...Array.from(parsed.body.childNodes).map((n) => document.importNode(n, true)));
    page.addEventListener("click", followInside);
    const styles = Array.from(parsed.head.querySelectorAll("style")).map((s) => {
      const style = document.createElement("style");
      style.textContent = s.textContent
        .replaceAll(":root", ":host")
        .replace(/(^|[\s,}])(?:html|body)(?=[\s,{])/g, "$1.page-body");
      return style;
    });
    root.replaceChildren(...styles, page);
  }, [html]);
  return <div ref={host} className={className} role="document" aria-label={label} tabIndex={0} />;
}

/** A link to a part of the report scrolls there: the page of the window is another. */
function followInside(event: MouseEvent): void {
  const link = (event.target as Element).closest("a");
  const target = link?.getAttribute("href") ?? "";
  if (link === null) return;
  event.preventDefault();
  const root = link.getRootNode() as ShadowRoot;
  if (target.startsWith("#")) root.getElementById(target.slice(1))?.scrollIntoView();
}
