/** Letters and digits of generated parts of names: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/rand */
const SAFE = "[bcdfghjklmnpqrstvwxz2456789]";
const POD_OF_REPLICA_SET = new RegExp(`-${SAFE}{8,10}-${SAFE}{5}$`);
const REPLICA_SET = new RegExp(`-${SAFE}{8,10}$`);
const GENERATED = new RegExp(`-${SAFE}{5}$`);

/**
 * The workload that an object belongs to, by its name: a pod's without the
 * hash of its replica set and its own suffix, a replica set's without the
 * hash, a job's without the time of its schedule. Null for nodes and the like.
 */
export function serviceOfObject(kind: string | null, name: string | null): string | null {
  if (name === null || name === "") return null;
  switch (kind ?? "") {
    case "Pod":
      if (POD_OF_REPLICA_SET.test(name)) return name.replace(POD_OF_REPLICA_SET, "");
      if (GENERATED.test(name)) return withoutSchedule(name.replace(GENERATED, ""));
      // Pods of a stateful set are numbered.
      return name.replace(/-\d{1,4}$/, "");
    case "ReplicaSet":
      return name.replace(REPLICA_SET, "");
    case "ReplicationController":
      return name.replace(/-\d+$/, "");
    case "Job":
      return withoutSchedule(name);
    case "Node":
    case "Namespace":
    case "PersistentVolume":
    case "Lease":
      return null;
    default:
      return name;
  }
}

/** Jobs of a cron job end in the minutes since 1970 of their schedule. */
function withoutSchedule(name: string): string {
  return name.replace(/-\d{8,10}$/, "");
}
