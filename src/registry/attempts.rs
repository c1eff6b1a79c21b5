//! How often something is tried: a few times, with growing pauses, or the one that the registry asks for.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use crate::error::Problem;

/// So many times at most.
const TRIES: u32 = 4;

/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// The longest that a registry may ask to wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why something failed.
#[derive(Debug)]
pub enum Failure {
    /// It would fail again.
    Final(Problem),
    /// It may pass when it is tried again, after the pause that the registry asks for.
    Passing(Problem, Option<Duration>),
}

/// Tries until it works, fails for good, or has failed too often.
///
/// # Errors
/// The last failure, with how often it was tried.
pub fn attempt<T>(
    mut work: impl FnMut() -> Result<T, Failure>,
    mut sleep: impl FnMut(Duration),
) -> Result<T, Problem> {
    let mut tries = 1;
    loop {
        let (problem, asked) = match work() {
            Ok(done) => return Ok(done),
            Err(Failure::Final(problem)) => return Err(problem),
            Err(Failure::Passing(problem, asked)) => (problem, asked),
        };
        if asked.is_some_and(|asked| asked > LONGEST_PAUSE) {
            let message = format!(
                "{}; it asks to come back in {} seconds",
                problem.message,
                asked.unwrap_or_default().as_secs()
            );
            return Err(Problem { message, ..problem });
        }
        if tries == TRIES {
            let message = format!("{} (tried {TRIES} times)", problem.message);
            return Err(Problem { message, ..problem });
        }
        sleep(asked.unwrap_or_else(|| pause(tries)));
        tries += 1;
    }
}

/// Half of the pause to one and a half: jobs that failed together shall not come back together.
fn pause(tries: u32) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 1024;
    let full = FIRST_PAUSE * 2_u32.pow(tries - 1);
    full / 2 + full * u32::try_from(random).unwrap_or_default() / 1024
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Failure, TRIES, attempt};
    use crate::error::Problem;

    /// What comes of these failures, and the pauses that were made.
    fn run(failures: Vec<Failure>) -> (Result<(), String>, Vec<Duration>) {
        let mut failures = failures.into_iter();
        let mut pauses = Vec::new();
        let done = attempt(|| failures.next().map_or(Ok(()), Err), |pause| pauses.push(pause));
        (done.map_err(|problem| problem.to_string()), pauses)
    }

    fn passing(asked: Option<u64>) -> Failure {
        Failure::Passing(Problem::new("busy"), asked.map(Duration::from_secs))
    }

    #[test]
    fn tries_again_with_growing_pauses() {
        let (done, pauses) = run(vec![passing(None), passing(None)]);
        assert_eq!(done, Ok(()));
        let bounds = [(150, 450), (300, 900)];
        for (pause, (low, high)) in pauses.iter().zip(bounds) {
            assert!((low..=high).contains(&pause.as_millis()), "{pauses:?}");
        }
        assert_eq!(pauses.len(), 2);
    }

    #[test]
    fn gives_up_in_the_end() {
        let (done, pauses) = run((0..9).map(|_| passing(None)).collect());
        assert_eq!(done, Err(format!("busy (tried {TRIES} times)")));
        assert_eq!(pauses.len() as u32, TRIES - 1);
        let (done, pauses) = run(vec![Failure::Final(Problem::new("no"))]);
        assert_eq!((done, pauses.len()), (Err("no".to_owned()), 0));
    }

    #[test]
    fn waits_as_long_as_asked_but_not_for_ever() {
        let (done, pauses) = run(vec![passing(Some(7))]);
        assert_eq!((done, pauses), (Ok(()), vec![Duration::from_secs(7)]));
        let (done, pauses) = run(vec![passing(Some(3600))]);
        assert_eq!(done, Err("busy; it asks to come back in 3600 seconds".to_owned()));
        assert!(pauses.is_empty());
    }
}
