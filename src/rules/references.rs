//! Rules about objects that refer to each other.

super::rules! { REFERENCES:
    /// Two objects of one group, kind, namespace and name.
    OBJECT_DUPLICATE = "HZG301" "object-duplicate" Error;
    /// Workloads that select each other's pods.
    SELECTORS_OVERLAP = "HZG302" "selectors-overlap" Warning;
    /// A probe or a hook at a named port that its container has not.
    PROBE_PORT_MISSING = "HZG303" "probe-port-missing" Error;
    /// A Service that selects no pods.
    SERVICE_WITHOUT_PODS = "HZG304" "service-without-pods" Warning;
    /// A Service's target port by a name that no pod has.
    TARGET_PORT_MISSING = "HZG305" "target-port-missing" Error;
    /// A Service's target port by a number that no pod declares.
    TARGET_PORT_UNDECLARED = "HZG306" "target-port-undeclared" Warning;
    /// One port of the nodes for two Services.
    NODE_PORT_DUPLICATE = "HZG307" "node-port-duplicate" Error;
    /// A port of the nodes outside their range.
    NODE_PORT_RANGE = "HZG308" "node-port-range" Error;
    /// A claim and a volume that name each other and cannot bind.
    CLAIM_MISMATCH = "HZG309" "claim-mismatch" Error;
    /// A claim for a static volume that leaves its class to the cluster's default.
    CLAIM_CLASS_OPEN = "HZG310" "claim-class-open" Warning;
    /// Two volumes on one directory.
    VOLUME_PATH_SHARED = "HZG311" "volume-path-shared" Warning;
    /// A mount of a volume that the pod has not.
    VOLUME_MISSING = "HZG312" "volume-missing" Error;
    /// A volume that no container mounts.
    VOLUME_UNMOUNTED = "HZG313" "volume-unmounted" Warning;
    /// A PersistentVolumeClaim that is named and not there.
    CLAIM_MISSING = "HZG314" "claim-missing" Warning;
    /// A PersistentVolume that is named and not there.
    PERSISTENT_VOLUME_MISSING = "HZG315" "persistent-volume-missing" Warning;
    /// A Secret that is named and not there.
    SECRET_MISSING = "HZG316" "secret-missing" Warning;
    /// A ConfigMap that is named and not there.
    CONFIG_MAP_MISSING = "HZG317" "config-map-missing" Warning;
    /// A key that a Secret or a ConfigMap does not have.
    KEY_MISSING = "HZG318" "key-missing" Error;
    /// A ServiceAccount that is named and not there.
    SERVICE_ACCOUNT_MISSING = "HZG319" "service-account-missing" Warning;
    /// An autoscaler of something that is not there.
    SCALE_TARGET_MISSING = "HZG320" "scale-target-missing" Warning;
    /// Two autoscalers of one workload.
    SCALE_TARGET_SHARED = "HZG321" "scale-target-shared" Warning;
    /// An autoscaler of a workload with a fixed number of pods.
    SCALE_TARGET_FIXED = "HZG322" "scale-target-fixed" Warning;
    /// A disruption budget that selects no pods.
    BUDGET_WITHOUT_PODS = "HZG323" "budget-without-pods" Warning;
    /// Two disruption budgets for one pod.
    BUDGETS_OVERLAP = "HZG324" "budgets-overlap" Warning;
    /// A network policy that selects no pods.
    POLICY_WITHOUT_PODS = "HZG325" "policy-without-pods" Warning;
    /// A Service that is named and not there.
    SERVICE_MISSING = "HZG326" "service-missing" Warning;
    /// A back end at a port that the Service has not.
    BACKEND_PORT_MISSING = "HZG327" "backend-port-missing" Error;
}
