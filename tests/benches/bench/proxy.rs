//! A proxy between a function and the stand-in, which notes for how long the function waits for answers.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::wire::Message;

/// A proxy that runs as long as this program.
pub(crate) struct Proxy {
    /// Such as `http://127.0.0.1:40123`.
    pub(crate) endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// One call, from the first byte of the request to the last one of the answer.
#[derive(Clone, Copy)]
struct Call {
    from: Instant,
    until: Instant,
}

/// What was asked of the stand-in.
pub(crate) struct Calls {
    pub(crate) number: usize,
    /// How long that took. What was asked at the same time counts once.
    pub(crate) took: Duration,
}

impl Proxy {
    /// Starts one before the stand-in at that endpoint.
    pub(crate) fn start(endpoint: &str) -> Self {
        let upstream = endpoint.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let noted = Arc::clone(&calls);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (upstream, noted) = (upstream.clone(), Arc::clone(&noted));
                // Whoever asks notices when a connection is at its end.
                std::thread::spawn(move || drop(pass_on(client, &upstream, &noted)));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            calls,
        }
    }

    /// What was asked since this was called before.
    pub(crate) fn calls(&self) -> Calls {
        let mut calls = std::mem::take(&mut *self.calls.lock().expect("no thread panics with it"));
        Calls {
            number: calls.len(),
            took: together(&mut calls),
        }
    }
}

/// Passes requests and answers on as they are, one after the other, as HTTP/1.1 has them. The `Host` that was signed stays what it was.
fn pass_on(client: TcpStream, upstream: &str, calls: &Mutex<Vec<Call>>) -> io::Result<()> {
    let server = TcpStream::connect(upstream)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut to_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let (mut client, mut server) = (BufReader::new(client), BufReader::new(server));
    while !client.fill_buf()?.is_empty() {
        let from = Instant::now();
        let Some(request) = Message::read(&mut client)? else {
            break;
        };
        to_server.write_all(&request.bytes)?;
        let Some(answer) = Message::read(&mut server)? else {
            break;
        };
        // Before the answer goes out: whoever waits for it may have the processor next, and what it does then is its own time.
        let until = Instant::now();
        let mut calls = calls.lock().expect("no thread panics with it");
        calls.push(Call { from, until });
        drop(calls);
        to_client.write_all(&answer.bytes)?;
    }
    Ok(())
}

/// How long at least one of them went on.
fn together(calls: &mut [Call]) -> Duration {
    calls.sort_by_key(|call| call.from);
    let mut took = Duration::ZERO;
    let mut covered: Option<Instant> = None;
    for call in calls {
        let from = covered.map_or(call.from, |covered| call.from.max(covered));
        took += call.until.saturating_duration_since(from);
        covered = covered.max(Some(call.until));
    }
    took
}
