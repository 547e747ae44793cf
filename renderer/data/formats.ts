import { useQuery } from "@tanstack/react-query";
import { getIngest } from "./services.ts";

/** Formats that the importers read. */
export function useFormats(): readonly {
  id: string;
  name: string;
  description: string;
  extensions: readonly string[];
}[] {
  const { data } = useQuery({ queryKey: ["formats"], queryFn: () => getIngest().formats() });
  return data ?? [];
}
