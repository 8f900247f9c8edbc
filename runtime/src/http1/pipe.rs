//! Pipes of the system's, through which bytes go from one socket to the other without being copied.
//!
//! `splice` hands the pieces of memory that the network filled from the socket to the pipe and from
//! there to the other socket; they never come into this process. A pipe is in use only as long as
//! something is in it, so a worker needs as many as there are sides that take slowly. Where there is
//! none to be had, bodies are read and written as ever.

#[cfg(target_os = "linux")]
pub(crate) use linux::Pipe;
#[cfg(all(test, target_os = "linux"))]
pub(super) use linux::made;
#[cfg(not(target_os = "linux"))]
pub(crate) use none::Pipe;

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::{Cell, RefCell};
    use std::io;
    use std::os::fd::OwnedFd;

    use rustix::io::Errno;
    use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
    use tokio::net::TcpStream;

    /// How much goes into a pipe, in bytes: what the system gives to everybody, and four fifths of what
    /// larger ones save.
    const SIZE: usize = 64 * 1024;

    /// Pipes that a worker may have at once, each with two files and up to [`SIZE`] bytes in it.
    const MOST: u64 = 64;

    /// Pipes that are kept while nobody needs them.
    const KEPT: usize = 8;

    thread_local! {
        static IDLE: RefCell<Vec<(OwnedFd, OwnedFd)>> = const { RefCell::new(Vec::new()) };
        static MADE: Cell<u64> = const { Cell::new(0) };
    }

    /// A pipe with what is in it; kept for the next when it is dropped empty, else closed.
    pub(crate) struct Pipe {
        /// Out and in.
        ends: Option<(OwnedFd, OwnedFd)>,
        held: usize,
        /// The most that is moved at once, in bytes.
        piece: usize,
    }

    impl Pipe {
        /// The most files that a worker has open for its pipes.
        pub(crate) const MOST_FILES: u64 = 2 * MOST;

        /// An empty pipe for pieces of no more than so many bytes; `None`: there is none to be had.
        pub(crate) fn take(piece: usize) -> Option<Self> {
            let ends = match IDLE.with_borrow_mut(Vec::pop) {
                Some(ends) => ends,
                None => make()?,
            };
            Some(Self {
                ends: Some(ends),
                held: 0,
                piece: piece.min(SIZE),
            })
        }

        /// Bytes in it.
        pub(crate) fn held(&self) -> usize {
            self.held
        }

        /// Moves up to `most` bytes from the socket into the empty pipe; 0: the other side sends no
        /// more.
        ///
        /// # Errors
        /// [`io::ErrorKind::WouldBlock`]: nothing is there. [`io::ErrorKind::Unsupported`]: the
        /// system does not do it, and nothing happened. Else the connection broke.
        pub(crate) fn fill(&mut self, from: &TcpStream, most: usize) -> io::Result<usize> {
            // Into a pipe that is full it would block as well, and nobody could tell why.
            debug_assert_eq!(self.held, 0);
            let Some((_, into)) = &self.ends else {
                return Ok(0);
            };
            let most = most.min(self.piece);
            let count = splice(from, None, into, None, most, flags()).map_err(told)?;
            self.held += count;
            Ok(count)
        }

        /// Moves what is in it to the socket, as much as that takes. A socket that is closed gives an
        /// error and no signal, which the program ignores from its start.
        ///
        /// # Errors
        /// [`io::ErrorKind::WouldBlock`]: it takes nothing now. Else the connection broke.
        pub(crate) fn drain(&mut self, to: &TcpStream) -> io::Result<usize> {
            let Some((out, _)) = &self.ends else {
                return Ok(0);
            };
            let count = splice(out, None, to, None, self.held, flags())?;
            self.held = self.held.saturating_sub(count);
            Ok(count)
        }
    }

    impl Drop for Pipe {
        fn drop(&mut self) {
            let Some(ends) = self.ends.take() else {
                return;
            };
            // When the worker itself ends, there is nobody to keep it for.
            let kept = self.held == 0
                && IDLE.try_with(|idle| keep(&mut idle.borrow_mut(), ends)) == Ok(true);
            if !kept {
                let _ = MADE.try_with(|made| made.set(made.get().saturating_sub(1)));
            }
        }
    }

    fn keep(idle: &mut Vec<(OwnedFd, OwnedFd)>, ends: (OwnedFd, OwnedFd)) -> bool {
        let room = idle.len() < KEPT;
        if room {
            idle.push(ends);
        }
        room
    }

    /// A new pipe, unless there are too many already, or the system has no files or no room left for
    /// it: it grants a user no more than so much in all pipes together.
    fn make() -> Option<(OwnedFd, OwnedFd)> {
        if MADE.get() >= MOST {
            return None;
        }
        let ends = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK).ok()?;
        fcntl_setpipe_size(&ends.1, SIZE).ok()?;
        MADE.set(MADE.get() + 1);
        Some(ends)
    }

    fn flags() -> SpliceFlags {
        SpliceFlags::MOVE | SpliceFlags::NONBLOCK
    }

    /// What a system, or a sandbox, that does not let sockets be spliced says to it.
    fn told(error: Errno) -> io::Error {
        match error {
            Errno::NOSYS | Errno::PERM | Errno::INVAL | Errno::OPNOTSUPP => {
                io::ErrorKind::Unsupported.into()
            }
            other => other.into(),
        }
    }

    /// Pipes that the present worker has.
    #[cfg(test)]
    pub(crate) fn made() -> u64 {
        MADE.get()
    }
}

#[cfg(not(target_os = "linux"))]
mod none {
    use std::io;

    use tokio::net::TcpStream;

    /// There are no such pipes here.
    pub(crate) enum Pipe {}

    impl Pipe {
        pub(crate) const MOST_FILES: u64 = 0;

        pub(crate) fn take(_piece: usize) -> Option<Self> {
            None
        }

        pub(crate) fn held(&self) -> usize {
            match *self {}
        }

        pub(crate) fn fill(&mut self, _from: &TcpStream, _most: usize) -> io::Result<usize> {
            match *self {}
        }

        pub(crate) fn drain(&mut self, _to: &TcpStream) -> io::Result<usize> {
            match *self {}
        }
    }
}
