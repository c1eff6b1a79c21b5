//! Work on every core, whose results come in order.

use std::collections::BTreeMap;
use std::mem;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long results may wait for others to be handed over with: each hand-over wakes a thread, which takes a core from the work.
const TOGETHER: Duration = Duration::from_millis(5);

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
    let run = |results: SyncSender<Vec<(usize, T)>>| {
        let (mut batch, mut since) = (Vec::new(), Instant::now());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            batch.push((index, work(index)));
            if since.elapsed() >= TOGETHER {
                if results.send(mem::take(&mut batch)).is_err() {
                    return;
                }
                since = Instant::now();
            }
        }
        // Nobody may wait for them any more.
        let _ = results.send(batch);
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
        'all: for batch in inbox {
            waiting.extend(batch);
            while let Some(result) = waiting.remove(&turn) {
                if !done(turn, result) {
                    next.store(count, Ordering::Relaxed);
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
    use std::sync::Mutex;
    use std::sync::mpsc::channel;
    use std::thread::sleep;
    use std::time::Duration;

    use super::{TOGETHER, in_order};

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
    fn what_took_its_time_waits_for_no_others() {
        let (told, first_is_done) = channel();
        let first_is_done = Mutex::new(first_is_done);
        let work = |index| match index {
            0 => sleep(TOGETHER),
            _ => first_is_done.lock().unwrap().recv_timeout(Duration::from_secs(60)).unwrap(),
        };
        in_order(2, 2, work, |_, ()| told.send(()).is_ok());
    }

    #[test]
    fn nothing_to_do_is_done() {
        in_order(0, 4, |_| (), |_, ()| panic!("there is nothing"));
    }
}
