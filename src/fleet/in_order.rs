//! Work on every core, whose results come in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// Does `work` for every index below `count`, on so many threads, of which this is one, and hands what comes of it to `done` on this
/// one, from the first index to the last. When `done` says no, nothing more is begun, and nothing more handed over.
pub fn in_order<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut done: impl FnMut(usize, T) -> bool,
) {
    let next = AtomicUsize::new(0);
    let take = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|index| *index < count);
    thread::scope(|scope| {
        // Whoever is faster than what is done with the results waits.
        let (results, inbox) = sync_channel(2 * threads.max(1));
        for _ in 1..threads.min(count) {
            let (results, take, work) = (results.clone(), &take, &work);
            let run = move || {
                while let Some(index) = take() {
                    if results.send((index, work(index))).is_err() {
                        return;
                    }
                }
            };
            if thread::Builder::new().spawn_scoped(scope, run).is_err() {
                // The system has no thread left to give.
                break;
            }
        }
        drop(results);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        let mut hand_over = |index, result| {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&turn) {
                if !done(turn, result) {
                    return false;
                }
                turn += 1;
            }
            true
        };
        // To return drops the inbox: then no other thread begins anything.
        while let Some(index) = take() {
            let own = hand_over(index, work(index));
            if !own || !inbox.try_iter().all(|(index, result)| hand_over(index, result)) {
                return;
            }
        }
        inbox.into_iter().all(|(index, result)| hand_over(index, result));
    });
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::in_order;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [0, 1, 2, 7] {
            let mut seen = Vec::new();
            in_order(
                100,
                threads,
                |index| index * 2,
                |index, result| {
                    seen.push((index, result));
                    true
                },
            );
            assert_eq!(seen, (0..100).map(|index| (index, index * 2)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn stops_when_told_to() {
        let mut seen = Vec::new();
        in_order(
            10_000,
            4,
            |index| index,
            |index, _| {
                seen.push(index);
                index < 5
            },
        );
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_slow_start_holds_nothing_back_but_its_order() {
        let mut seen = Vec::new();
        in_order(
            50,
            2,
            |index| {
                if index == 0 {
                    thread::sleep(Duration::from_millis(20));
                }
                index
            },
            |index, _| {
                seen.push(index);
                true
            },
        );
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_panic_of_another_thread_is_this_ones() {
        let first = thread::current().id();
        in_order(
            1000,
            2,
            |_| match thread::current().id() == first {
                true => thread::sleep(Duration::from_millis(1)),
                false => panic!("on another thread"),
            },
            |_, ()| true,
        );
    }

    #[test]
    fn nothing_to_do_is_done() {
        in_order(0, 4, |_| (), |_, ()| panic!("there is nothing"));
    }
}
