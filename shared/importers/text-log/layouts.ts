import * as clocks from "./clocks.ts";
import type { ReadTime } from "./clocks.ts";

/** One way in which log lines begin. */
export interface LogLayout {
  readonly id: string;
  readonly name: string;
  /** Definition, or the documentation of a program that writes it. */
  readonly link: string;
  readonly time: ReadTime;
  /** How a line begins; the language is described in `pattern.ts`. */
  readonly pattern: string;
  /**
   * What the fields mean beyond their names: `priority` is syslog's, `http`
   * takes method, path and level from a request, `partial` joins lines marked
   * `P` to the next, `epoch` takes whole seconds from the field `epoch` because
   * the time beside it is in a zone that is not said.
   */
  readonly meaning?: "priority" | "http" | "partial" | "epoch";
  /** For lines with a time whose rest does not fit; `{time}{message}` otherwise. */
  readonly fallback?: string;
  /** Only lines that fit the whole pattern begin a record, not any line with the time in its place. */
  readonly strict?: true;
  /** Matches almost every dated line, so that anything more exact wins. */
  readonly generic?: true;
}

const { readIso, readCompact, readShortCompact, readShortDate, readMonthDay, readMonthDayDigits } =
  clocks;
const {
  readCtime,
  readDayMonth,
  readMonthDayYear,
  readSlashes,
  readEpoch,
  readTai64n,
  readTimeOfDay,
  readNothing,
} = clocks;

const LOG4J = "https://logging.apache.org/log4j/2.x/manual/pattern-layout.html";
const LOGBACK = "https://logback.qos.ch/manual/layouts.html";
const JOURNALCTL = "https://www.freedesktop.org/software/systemd/man/latest/journalctl.html";
const LOGHUB = "https://github.com/logpai/loghub";

/** In order of preference where two fit equally well: a table, kept in rows. */
// prettier-ignore
export const LAYOUTS: readonly LogLayout[] = [
  // Web servers
  {
    id: "access-ingress", name: "ingress-nginx access log", link: "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/",
    time: readDayMonth, meaning: "http",
    pattern: '{ip} {ident} {user:any} [{time}] "{message:quoted}" {status:num} {bytes} "{referer:quoted}" "{agent:quoted}" {request_bytes:num} {duration:dec} [{upstream:in}] [{alternative:in}] {upstream_address} {upstream_bytes} {upstream_duration} {upstream_status}( {request_id})?',
  },
  {
    id: "access-host", name: "web server access log with the virtual host in front",
    link: "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    time: readDayMonth, meaning: "http",
    pattern: '{service} {ip} {ident:-} {user} [{time}] "{message:quoted}" {status:num} {bytes}( "{referer:quoted}" "{agent:quoted}")?( {duration:dec})?( {rest:any})?',
  },
  {
    id: "access", name: "web server access log (common or combined)",
    link: "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    time: readDayMonth, meaning: "http",
    pattern: '{ip} {ident} {user:any} [{time}] "{message:quoted}" {status:num} {bytes}( "{referer:quoted}" "{agent:quoted}"( "{forwarded:quoted}")?)?( {duration:dec}( {upstream_duration:dec})?)?( {rest:any})?',
  },
  {
    id: "access-vhost", name: "web server access log with further fields in front",
    link: "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats",
    time: readDayMonth, meaning: "http",
    pattern: '{front:any} [{time}] "{message:quoted}" {status:num} {bytes}( "{referer:quoted}" "{agent:quoted}")?( {duration:dec})?( {rest:any})?',
  },
  {
    id: "uwsgi", name: "uWSGI request log", link: "https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html",
    time: readCtime, meaning: "http",
    pattern: "[pid: {pid:num}|app: {app}|req: {request}] {ip} \\(({user})?\\) \\{{vars:in}\\} [{time}] {message:any} => generated {bytes:num} bytes in {duration:num} {unit} \\(HTTP/{version} {status:num}\\) {rest:any}",
  },
  {
    id: "nginx-error", name: "nginx error log", link: "https://nginx.org/en/docs/ngx_core_module.html#error_log",
    time: readIso, pattern: "{time} [{level}] {pid:num}#{tid:num}: (*{connection:num} )?{message}",
  },
  {
    id: "apache-error", name: "Apache error log", link: "https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat",
    time: readCtime, pattern: "[{time}] [({module}:)?{level}] ([pid {pid:num}(:tid {tid:num})?] )?([client {client}] )?{message}",
  },
  // Containers
  {
    id: "cri", name: "Kubernetes container log (CRI)",
    link: "https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md",
    time: readIso, meaning: "partial", pattern: "{time} {stream:stdout|stderr} {part:P|F} {message}",
  },
  {
    id: "compose", name: "docker compose log with times", link: "https://docs.docker.com/reference/cli/docker/compose/logs/",
    time: readIso, pattern: "{service} | {time} {message}",
  },
  {
    id: "klog", name: "glog, klog (Kubernetes components)", link: "https://github.com/kubernetes/klog",
    time: readMonthDayDigits, pattern: "{level:letter}{time} {thread} {source}] {message}",
  },
  // syslog
  {
    id: "syslog-5424", name: "syslog (RFC 5424)", link: "https://www.rfc-editor.org/rfc/rfc5424",
    time: readIso, meaning: "priority",
    pattern: "<{priority:num}>1 {time} {host} {service} {pid} {msgid} {data:sd} {message}",
    fallback: "<{priority:num}>1 {time} {message}",
  },
  {
    id: "syslog-3164", name: "syslog (RFC 3164) with priority", link: "https://www.rfc-editor.org/rfc/rfc3164",
    time: readMonthDay, meaning: "priority",
    pattern: "<{priority:num}>{time} {host} {service}([{pid:num}])?: {message}",
    fallback: "<{priority:num}>{time} {host} {message}",
  },
  {
    id: "syslog-3164-iso", name: "syslog with priority and ISO times", link: "https://www.rsyslog.com/doc/configuration/templates.html",
    time: readIso, meaning: "priority",
    pattern: "<{priority:num}>{time} {host} {service}([{pid:num}])?: {message}",
    fallback: "<{priority:num}>{time} {host} {message}",
  },
  {
    id: "syslog", name: "syslog as files hold it", link: "https://www.rfc-editor.org/rfc/rfc3164",
    time: readMonthDay, pattern: "{time} {host} {service}([{pid:num}])?: {message}",
    fallback: "{time} {host} {message}",
  },
  // Java
  {
    id: "spring-boot", name: "Spring Boot", link: "https://docs.spring.io/spring-boot/reference/features/logging.html",
    time: readIso, pattern: "{time} {level} {pid:num} --- ([{app:in}] )?[{thread:in}] {logger} : {message}",
  },
  {
    id: "logback", name: "log4j, logback: thread, level, logger", link: LOGBACK,
    time: readIso, pattern: "{time} [{thread:in}] {level} {logger} - {message}",
  },
  {
    id: "logback-context", name: "logback: thread, level, logger, context", link: LOGBACK,
    time: readIso, pattern: "{time} [{thread:in}] {level} {logger} [{context:in}] - {message}",
  },
  {
    id: "log4j-boxed", name: "log4j: bracketed time, thread and level, logger", link: LOG4J,
    time: readIso, pattern: "[{time}] [{thread:in}] [{level}( )?] {logger} - {message}",
  },
  {
    id: "logback-colon", name: "log4j: thread, level, logger with colon", link: LOG4J,
    time: readIso, pattern: "{time} [{thread:in}] {level} {logger}: {message}",
  },
  {
    id: "hadoop", name: "Hadoop: level, thread, logger", link: LOG4J,
    time: readIso, pattern: "{time} {level} [{thread:in}] {logger}: {message}",
  },
  {
    id: "zookeeper", name: "ZooKeeper", link: LOG4J,
    time: readIso, pattern: "{time} ([{node:in}] )?- {level} [{thread:in}] - {message}",
  },
  {
    id: "java-aligned", name: "log4j: level, thread, logger in columns", link: LOG4J,
    time: readIso, pattern: "{time} {level} [{thread:in}] {logger} : {message}",
  },
  {
    id: "elasticsearch", name: "Elasticsearch, OpenSearch", link: "https://www.elastic.co/guide/en/elasticsearch/reference/current/logging.html",
    time: readIso, pattern: "[{time}][{level}( )?][{logger}( )?] [{host}] {message}",
  },
  {
    id: "spark", name: "Spark", link: "https://spark.apache.org/docs/latest/configuration.html#configuring-logging",
    time: readShortDate, pattern: "{time} {level} {logger}: {message}",
  },
  {
    id: "hdfs", name: "HDFS (early Hadoop)", link: LOGHUB,
    time: readShortCompact, pattern: "{time} {thread:num} {level} {logger}: {message}",
  },
  {
    id: "tomcat", name: "Tomcat", link: "https://tomcat.apache.org/tomcat-10.1-doc/logging.html",
    time: readDayMonth, pattern: "{time} {level} [{thread:in}] {logger} {message}",
  },
  {
    id: "java-util-logging", name: "java.util.logging", link: "https://docs.oracle.com/en/java/javase/17/docs/api/java.logging/java/util/logging/SimpleFormatter.html",
    time: readMonthDayYear, pattern: "{time} {logger} {message}",
  },
  // Python, Ruby, Rust, Go and others
  {
    id: "python", name: "Python logging: name, level", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "{time} - {logger} - {level} - {message}",
  },
  {
    id: "python-level", name: "Python logging: level, name", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "{time} - {level} - {logger} - {message}",
  },
  {
    id: "python-line", name: "Python logging: level, name and line", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "{time} {level} {logger}:{line:num} {message}",
  },
  {
    id: "python-thread", name: "Python logging: boxed level, name, thread", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "{time} [{level}( )?] {logger} \\({thread:in}\\): {message}",
  },
  {
    id: "python-basic", name: "Python logging without times: level, name", link: "https://docs.python.org/3/library/logging.html#logging.basicConfig",
    time: readNothing, strict: true, pattern: "{time}{level}:{logger}:{message}",
  },
  {
    id: "log4j-elapsed", name: "log4j: milliseconds since the start, thread, level, logger", link: LOG4J,
    time: readNothing, strict: true, pattern: "{time}{elapsed_ms:num} [{thread:in}] {level} {logger} - {message}",
  },
  {
    id: "go-log", name: "Go log with file and line", link: "https://pkg.go.dev/log#pkg-constants",
    time: readIso, pattern: "{time} {source}.go:{line:num}: {message}",
  },
  {
    id: "dashed", name: "time, level and message with dashes", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "{time} - {level} - {message}",
  },
  {
    id: "piped", name: "time, level and message with bars", link: "https://loguru.readthedocs.io/en/stable/",
    time: readIso, pattern: "{time} | {level} | ({logger} - )?{message}",
  },
  {
    id: "openstack", name: "OpenStack (oslo.log)", link: "https://docs.openstack.org/oslo.log/latest/",
    time: readIso, pattern: "({file} )?{time} {pid:num} {level} {logger} ([{request:in}] )?{message}",
  },
  {
    id: "ruby", name: "Ruby Logger", link: "https://docs.ruby-lang.org/en/master/Logger.html",
    time: readIso, pattern: "{short}, [{time} #{pid:num}] {level} -- {program:any}: {message}",
  },
  {
    id: "laravel", name: "Laravel, Monolog", link: "https://laravel.com/docs/logging",
    time: readIso, pattern: "[{time}] {channel}.{level}: {message}",
  },
  {
    id: "transformers", name: "Python logging in bracketed parts", link: "https://docs.python.org/3/howto/logging.html",
    time: readIso, pattern: "[{time}] [{level}] [{logger:in}] {message}",
  },
  {
    id: "bracketed-source", name: "bracketed time, level, source", link: LOG4J,
    time: readIso, pattern: "[{time}] {level} [{source:in}] {message}",
  },
  {
    id: "kafka", name: "bracketed time, level, message (Kafka)", link: LOG4J,
    time: readIso, pattern: "[{time}] {level} {message}",
  },
  {
    id: "vdsm", name: "VDSM", link: "https://github.com/oVirt/vdsm",
    time: readIso, pattern: "{thread}::{level}::{time}::{module}::{source:num}::{logger}::{message}",
  },
  // Databases
  {
    id: "mysql-error", name: "MySQL error log", link: "https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html",
    time: readIso, pattern: "{time} {thread:num} [{level}] ([{code:in}] [{subsystem:in}] )?{message}",
  },
  {
    id: "postgres", name: "PostgreSQL", link: "https://www.postgresql.org/docs/current/runtime-config-logging.html",
    time: readIso, pattern: "{time} [{pid:in}](:)? ([{line:in}] )?({user}@{database} )?{level}: {message}",
  },
  {
    id: "redis", name: "Redis", link: "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    time: readDayMonth, pattern: "{pid:num}:{role} {time} {mark:.|-|*|#} {message}",
  },
  // Operating systems and supercomputers
  {
    id: "bgl", name: "Blue Gene/L RAS", link: LOGHUB,
    time: readIso, meaning: "epoch", pattern: "{alert} {epoch:num} {date} {host} {time} {node} {type} {service} {level} {message}",
  },
  {
    id: "thunderbird", name: "supercomputer syslog (Thunderbird, Spirit, Liberty)", link: LOGHUB,
    time: readEpoch, pattern: "{alert} {time} {date} {host} {month} {day} {clock} {origin} {service}([{pid:num}])?: {message}",
  },
  {
    id: "android", name: "Android logcat", link: "https://developer.android.com/tools/logcat",
    time: readMonthDayDigits, pattern: "{time} {pid:num} {tid:num} {level:letter} {service:any}: {message}",
  },
  {
    id: "windows-cbs", name: "Windows component based servicing", link: LOGHUB,
    time: readIso, pattern: "{time}, {level} {component} {message}",
  },
  {
    id: "vmware", name: "VMware", link: "https://developer.broadcom.com",
    time: readIso, pattern: "{time} {level} {service}[{pid}] [{context:in}] {message}",
  },
  {
    id: "health-app", name: "fields with bars", link: LOGHUB,
    time: readCompact, pattern: "{time}|{component}|{pid:num}|{message}",
  },
  {
    id: "multilog", name: "multilog, runit (TAI64N)", link: "https://cr.yp.to/libtai/tai64.html",
    time: readTai64n, pattern: "{time} {service}: {message}",
  },
  // Level and logger around a time, whoever wrote it
  { id: "iso-level-pid-logger", name: "time, level, process, logger", link: LOG4J, time: readIso, pattern: "{time} {pid:num} {level} {logger}: {message}" },
  { id: "log4j-level-first", name: "log4j: level, logger, thread", link: LOG4J, time: readIso, pattern: "{time} {level} {logger} [{thread:in}] {message}" },
  { id: "iso-level-logger", name: "time, level, logger", link: LOG4J, time: readIso, pattern: "{time} {level} {logger}: {message}" },
  { id: "iso-level-logger-dash", name: "time, level, logger with a dash", link: LOG4J, time: readIso, pattern: "{time} {level} {logger} - {message}" },
  { id: "iso-boxed-thread", name: "time, level, thread", link: LOG4J, time: readIso, pattern: "{time} {level} [{thread:in}] {message}" },
  { id: "iso-boxed-level-source", name: "time, boxed level, boxed source", link: LOG4J, time: readIso, pattern: "{time} [{level}] [{source:in}] {message}" },
  { id: "iso-boxed-level-logger", name: "time, boxed level, logger", link: LOG4J, time: readIso, pattern: "{time} [{level}] {logger}: {message}" },
  { id: "iso-thread-boxed-level", name: "time, thread, boxed level", link: LOG4J, time: readIso, pattern: "{time} [{thread:in}] [{level}] {message}" },
  { id: "iso-boxed-level", name: "time, boxed level", link: LOG4J, time: readIso, pattern: "{time} [{level}](:)? {message}" },
  { id: "iso-colons", name: "time, level and message with colons", link: LOG4J, time: readIso, pattern: "{time}:{level}:{message}" },
  { id: "compact-colons", name: "compact time, level and message with colons", link: LOG4J, time: readCompact, pattern: "{time}:{level}:{message}" },
  { id: "iso-level", name: "time, level", link: LOG4J, time: readIso, pattern: "{time} {level}(:)? {message}" },
  { id: "boxed-boxed-level", name: "bracketed time, boxed level", link: LOG4J, time: readIso, pattern: "[{time}] [{level}](:)? {message}" },
  { id: "level-iso", name: "level, time", link: LOG4J, time: readIso, pattern: "{level}(:)? {time} {message}" },
  { id: "boxed-level-iso", name: "boxed level, time", link: LOG4J, time: readIso, pattern: "[{level}] {time} {message}" },
  { id: "level-boxed-iso", name: "level, bracketed time", link: "https://github.com/sirupsen/logrus", time: readIso, pattern: "{level}[{time}] {message}" },
  { id: "syslog-iso", name: "syslog with ISO times", link: "https://www.rsyslog.com/doc/configuration/templates.html", time: readIso, pattern: "{time} {host} {service}([{pid:num}])?: {message}", fallback: "{time} {host} {message}" },
  { id: "journal-full", name: "journalctl -o short-full", link: JOURNALCTL, time: readIso, pattern: "{weekday} {time} {host} {service}([{pid:num}])?: {message}" },
  { id: "journal-unix", name: "journalctl -o short-unix", link: JOURNALCTL, time: readEpoch, pattern: "{time} {host} {service}([{pid:num}])?: {message}" },
  { id: "clock-thread-level-dashes", name: "time of day, thread, level, logger (logback default)", link: LOGBACK, time: readTimeOfDay, pattern: "{time} [{thread:in}] {level} {logger} -- {message}" },
  { id: "clock-thread-level", name: "time of day, thread, level, logger (logback default)", link: LOGBACK, time: readTimeOfDay, pattern: "{time} [{thread:in}] {level} {logger} - {message}" },
  // Anything that begins with a time
  { id: "iso", name: "time first", link: "https://www.rfc-editor.org/rfc/rfc3339", time: readIso, pattern: "{time}{message}", generic: true },
  { id: "bracketed-iso", name: "bracketed time first", link: "https://www.rfc-editor.org/rfc/rfc3339", time: readIso, pattern: "[{time}]{message}", generic: true },
  { id: "compact", name: "compact time first", link: "https://www.iso.org/iso-8601-date-and-time-format.html", time: readCompact, pattern: "{time}{message}", generic: true },
  { id: "short-date", name: "short date first", link: LOG4J, time: readShortDate, pattern: "{time}{message}", generic: true },
  { id: "short-compact", name: "compact short date first", link: LOG4J, time: readShortCompact, pattern: "{time}{message}", generic: true },
  { id: "month-day", name: "month and day first", link: "https://www.rfc-editor.org/rfc/rfc3164", time: readMonthDay, pattern: "{time}{message}", generic: true },
  { id: "bracketed-month-day", name: "bracketed month and day first", link: "https://www.rfc-editor.org/rfc/rfc3164", time: readMonthDay, pattern: "[{time}]{message}", generic: true },
  { id: "ctime", name: "ctime first", link: "https://man7.org/linux/man-pages/man3/ctime.3.html", time: readCtime, pattern: "{time}{message}", generic: true },
  { id: "bracketed-ctime", name: "bracketed ctime first", link: "https://man7.org/linux/man-pages/man3/ctime.3.html", time: readCtime, pattern: "[{time}]{message}", generic: true },
  { id: "day-month", name: "day and month name first", link: LOG4J, time: readDayMonth, pattern: "{time}{message}", generic: true },
  { id: "bracketed-day-month", name: "bracketed day and month name first", link: LOG4J, time: readDayMonth, pattern: "[{time}]{message}", generic: true },
  { id: "month-day-year", name: "month name, day, year first", link: LOG4J, time: readMonthDayYear, pattern: "{time}{message}", generic: true },
  { id: "slashes", name: "date with slashes first", link: LOG4J, time: readSlashes, pattern: "{time}{message}", generic: true },
  { id: "bracketed-slashes", name: "bracketed date with slashes first", link: LOG4J, time: readSlashes, pattern: "[{time}]{message}", generic: true },
  { id: "month-day-digits", name: "month and day in digits first", link: LOG4J, time: readMonthDayDigits, pattern: "{time}{message}", generic: true },
  { id: "bracketed-month-day-digits", name: "bracketed month and day in digits first", link: LOG4J, time: readMonthDayDigits, pattern: "[{time}]{message}", generic: true },
  { id: "epoch", name: "seconds or milliseconds since 1970 first", link: "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html", time: readEpoch, pattern: "{time}{message}", generic: true },
  { id: "bracketed-epoch", name: "bracketed seconds since 1970 first", link: "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html", time: readEpoch, pattern: "[{time}]{message}", generic: true },
  { id: "tai64n", name: "TAI64N first", link: "https://cr.yp.to/libtai/tai64.html", time: readTai64n, pattern: "{time}{message}", generic: true },
  { id: "clock", name: "time of day first", link: LOGBACK, time: readTimeOfDay, pattern: "{time}{message}", generic: true },
  { id: "bracketed-clock", name: "bracketed time of day first", link: LOGBACK, time: readTimeOfDay, pattern: "[{time}]{message}", generic: true },
];

/** Clocks that are looked for anywhere in the first `ANYWHERE_REACH` bytes when no layout fits. */
export const ANYWHERE: readonly ReadTime[] = [
  readIso,
  readDayMonth,
  readCtime,
  readMonthDay,
  readCompact,
  readShortDate,
  readSlashes,
  readEpoch,
];
export const ANYWHERE_REACH = 60;
