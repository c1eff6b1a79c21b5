//! Work on every core, whose results come in order.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

/// Does `work` for every index below `count`, on so many threads, and hands what comes of it to `done` on this one, from the first
/// index to the last. When `done` says no, nothing more is begun, and nothing more handed over.
///
/// What one thread is enough for is done on this one. With more, this one only waits: if it worked, too, others would get a core
/// of their own too late for few indices.
pub fn in_order<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut done: impl FnMut(usize, T) -> bool,
) {
    let threads = threads.min(count);
    if threads < 2 {
        (0..count).all(|index| done(index, work(index)));
        return;
    }
    let next = AtomicUsize::new(0);
    // Whoever is faster than what is done with the results waits.
    let (results, inbox) = sync_channel(2 * threads);
    let run = |results: std::sync::mpsc::SyncSender<(usize, T)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count || results.send((index, work(index))).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..threads {
            let results = results.clone();
            match thread::Builder::new().spawn_scoped(scope, || run(results)) {
                Ok(worker) => workers.push(worker),
                // The system has no thread left to give.
                Err(_) => break,
            }
        }
        drop(results);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        'all: for (index, result) in inbox {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&turn) {
                if !done(turn, result) {
                    break 'all;
                }
                turn += 1;
            }
        }
        if workers.is_empty() {
            (0..count).all(|index| done(index, work(index)));
        }
        for worker in workers {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
    });
}

#[cfg(test)]
mod tests {
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
    fn nothing_to_do_is_done() {
        in_order(0, 4, |_| (), |_, ()| panic!("there is nothing"));
    }
}
