//! Rules about the deployment: values that install, and do not serve, or not for long.

super::rules! { DEPLOYMENT:
    /// Several pods before the product knows of it.
    SCALED_FIRST = "HZG001" "scaled-first" Warning;
    /// Several pods, and a client's requests go to any of them.
    AFFINITY_OFF = "HZG002" "affinity-off" Error;
    /// The same, once the pods are scaled by hand.
    AFFINITY_OFF_LATER = "HZG003" "affinity-off-later" Warning;
    /// Several pods behind a way in whose affinity the chart cannot set.
    AFFINITY_UNKNOWN = "HZG004" "affinity-unknown" Warning;
    /// Several pods without the redis that they share sessions in.
    REDIS_ABSENT = "HZG005" "redis-absent" Warning;
    /// Several pods on the disks of their nodes.
    STORAGE_NOT_SHARED = "HZG006" "storage-not-shared" Error;
    /// A storage class whose volumes one node can mount.
    STORAGE_CLASS_SINGLE = "HZG007" "storage-class-single" Warning;
    /// More than one influx.
    INFLUX_SCALED = "HZG008" "influx-scaled" Error;
    /// More than one redis.
    REDIS_SCALED = "HZG009" "redis-scaled" Error;
    /// A tag that means another image tomorrow.
    IMAGE_TAG_MOVES = "HZG010" "image-tag-moves" Warning;
    /// An image that the private registry does not serve.
    IMAGE_OUTSIDE_REGISTRY = "HZG011" "image-outside-registry" Warning;
    /// Pods on nodes that cannot run their image.
    ARCHITECTURE_MISMATCH = "HZG012" "architecture-mismatch" Error;
    /// Redis without a password, open to the outside.
    REDIS_OPEN = "HZG013" "redis-open" Error;
    /// The log store, open to the outside.
    INFLUX_OPEN = "HZG014" "influx-open" Warning;
    /// A secret in the values of a package.
    SECRET_IN_PACKAGE = "HZG015" "secret-in-package" Warning;
    /// A budget that lets no pod be evicted.
    BUDGET_BLOCKS = "HZG016" "budget-blocks" Warning;
    /// An autoscaler by a share of requests that there are not.
    AUTOSCALER_WITHOUT_REQUESTS = "HZG017" "autoscaler-without-requests" Error;
    /// A request above its limit.
    REQUEST_ABOVE_LIMIT = "HZG018" "request-above-limit" Error;
    /// An amount that nobody means.
    AMOUNT_IMPLAUSIBLE = "HZG019" "amount-implausible" Warning;
    /// Redis that may fill more memory than it has.
    REDIS_MEMORY = "HZG020" "redis-memory" Warning;
    /// A container that nobody watches.
    PROBE_ABSENT = "HZG021" "probe-absent" Warning;
    /// A probe with two handlers, or none.
    PROBE_HANDLERS = "HZG022" "probe-handlers" Error;
    /// A strategy that contradicts itself.
    STRATEGY_CONFLICT = "HZG023" "strategy-conflict" Error;
    /// Pods that are killed in the middle of their work.
    GRACE_PERIOD_ZERO = "HZG024" "grace-period-zero" Warning;
    /// A mount over a share, or over the program.
    MOUNT_HIDES_SHARE = "HZG025" "mount-hides-share" Error;
    /// A mount inside a share.
    MOUNT_INSIDE_SHARE = "HZG026" "mount-inside-share" Warning;
    /// A volume of the user's by a name of the chart's.
    VOLUME_NAME_TAKEN = "HZG027" "volume-name-taken" Error;
    /// Two shares in one directory.
    SHARES_COINCIDE = "HZG028" "shares-coincide" Error;
    /// A file server that the nodes do not find.
    NFS_SERVER_UNREACHABLE = "HZG029" "nfs-server-unreachable" Warning;
    /// A mount option that loses data or forbids to write.
    MOUNT_OPTION_RISKY = "HZG030" "mount-option-risky" Warning;
    /// A reclaim policy that nobody carries out.
    RECLAIM_UNSUPPORTED = "HZG032" "reclaim-unsupported" Warning;
    /// Data that goes when the release goes.
    UNINSTALL_DELETES_DATA = "HZG033" "uninstall-deletes-data" Warning;
    /// A value that its switch leaves without effect.
    VALUE_WITHOUT_EFFECT = "HZG034" "value-without-effect" Warning;
    /// A preset's example that was not replaced.
    PLACEHOLDER_LEFT = "HZG035" "placeholder-left" Warning;
    /// A certificate for a name that the Ingress does not serve.
    TLS_HOST_UNSERVED = "HZG036" "tls-host-unserved" Warning;
    /// A route that no Gateway takes up.
    GATEWAY_WITHOUT_PARENT = "HZG037" "gateway-without-parent" Error;
    /// Pods whose time to finish passes while they wait.
    DRAIN_OUTLASTS_GRACE = "HZG038" "drain-outlasts-grace" Warning;
    /// Pods that a namespace by the strictest of the Pod Security Standards does not start.
    OUTSIDE_RESTRICTED = "HZG039" "outside-restricted" Note;
    /// A redis that cannot read its password as the chart gives it.
    REDIS_TOO_OLD = "HZG040" "redis-too-old" Error;
    /// A setting of the Ingress that its controller does not take from there.
    INGRESS_SETTING_UNSUPPORTED = "HZG045" "ingress-setting-unsupported" Warning;
    /// A container that is to run as root, and must not.
    ROOT_FORBIDDEN = "HZG046" "root-forbidden" Error;
    /// An Ingress whose class is by its name another controller's.
    INGRESS_CLASS_MISMATCH = "HZG047" "ingress-class-mismatch" Warning;
    /// A ServiceAccount to create that every namespace has already.
    SERVICE_ACCOUNT_TAKEN = "HZG048" "service-account-taken" Error;
}
