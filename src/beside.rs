//! Two pieces of work at once: what a run does not depend on values for goes on beside reading them.

use std::panic;
use std::thread;

/// Does `other` on a thread of its own while `here` is done on this one, and returns both results.
pub fn beside<A: Send, B>(other: impl FnOnce() -> A + Send, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let here = here();
        (other.join().unwrap_or_else(|cause| panic::resume_unwind(cause)), here)
    })
}
