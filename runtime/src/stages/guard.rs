//! Keeps a panic within the request that caused it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

/// Runs a future to its end; `Err` if it panicked. (The panic itself is told by the panic hook.)
pub(crate) async fn catch<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, ()> {
    std::future::poll_fn(move |context| {
        // A future that panicked is never polled again, so nobody sees what it left half done.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(_) => Poll::Ready(Err(())),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    #[tokio::test]
    async fn a_panic_becomes_an_error_and_nothing_else() {
        assert_eq!(super::catch(pin!(async { 1 })).await, Ok(1));
        let panicking = async {
            tokio::task::yield_now().await;
            panic!("on purpose");
        };
        assert_eq!(super::catch(pin!(panicking)).await, Err::<(), ()>(()));
    }
}
