//! The connection to one client, which a fault can cut before or within an answer.
//!
//! The cut is made below the HTTP layer, which sees an ordinary broken connection and does not log it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the bytes that are written.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// All are sent.
    Uncut,
    /// None is sent, and the connection ends with a reset.
    Reset,
    /// All except this many at the end are sent.
    Short(usize),
    /// No more are sent, and the connection is closed.
    Closed,
}

/// Cuts a connection, on behalf of the request that came over it.
#[derive(Clone, Debug)]
pub(super) struct Cutter(Arc<Mutex<Cut>>);

impl Cutter {
    /// The next answer ends the connection with a reset, and no byte of it is sent.
    pub(super) fn reset(&self) {
        self.set(Cut::Reset);
    }

    /// The next answer ends the connection, short of its last `bytes`.
    pub(super) fn withhold(&self, bytes: usize) {
        self.set(Cut::Short(bytes));
    }

    fn get(&self) -> Cut {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, cut: Cut) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }
}

impl Connected<IncomingStream<'_, Lines>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Cutter {
        stream.io().cutter.clone()
    }
}

/// Where lines come in.
pub(super) struct Lines(pub(super) TcpListener);

impl Listener for Lines {
    type Io = Line;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Line, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without it, answers can wait 40 ms for a delayed acknowledgement. A failure only costs that time.
        let _ = stream.set_nodelay(true);
        (
            Line {
                stream,
                cutter: Cutter(Arc::new(Mutex::new(Cut::Uncut))),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    cutter: Cutter,
}

impl Line {
    fn write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn write_short(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
        withheld: usize,
    ) -> Poll<io::Result<usize>> {
        let kept = bytes
            .get(..bytes.len().saturating_sub(withheld))
            .unwrap_or_default();
        let written = ready!(self.write(context, kept))?;
        if written == kept.len() {
            self.cutter.set(Cut::Closed);
        }
        Poll::Ready(Ok(written))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.cutter.get() {
            Cut::Uncut => self.write(context, bytes),
            Cut::Short(withheld) => self.write_short(context, bytes, withheld),
            Cut::Closed => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Cut::Reset => {
                // Then closing the socket sends RST instead of FIN.
                self.stream.set_zero_linger()?;
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
