//! Rules about entries of a fleet that are not to have the same.

super::rules! { FLEET:
    /// Two entries with data in one directory.
    FLEET_DATA_SHARED = "HZG501" "fleet-data-shared" Warning;
    /// One port of the nodes for two entries.
    FLEET_NODE_PORT_TAKEN = "HZG502" "fleet-node-port-taken" Warning;
    /// One address for two entries.
    FLEET_ADDRESS_TAKEN = "HZG503" "fleet-address-taken" Warning;
}
