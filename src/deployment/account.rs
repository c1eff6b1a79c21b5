//! The pods' account: whether the installation can create it.

use super::report::Report;
use crate::rules::SERVICE_ACCOUNT_TAKEN;

/// Every namespace has the account from its beginning, made by the cluster.
const TAKEN: &str = "default";

pub(super) fn check(report: &mut Report<'_>) {
    let account = &report.values().service_account;
    if account.create && account.name == TAKEN {
        report.add(
            &SERVICE_ACCOUNT_TAKEN,
            "serviceAccount.name",
            format!(
                "every namespace has a ServiceAccount `{TAKEN}`, and Helm takes over none that it did not make"
            ),
            "set `serviceAccount.create: false` to use it, or give another name",
        );
    }
}
