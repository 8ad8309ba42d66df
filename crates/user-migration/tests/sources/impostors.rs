//! Servers that would have a password sent in the clear, or that say nothing.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::{JoinHandle, spawn};

/// A server that sends this greeting, answers the first message with that, and then tells what else it was sent.
pub(crate) fn impostor(
    greeting: &'static [u8],
    answer: &'static [u8],
) -> (u16, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(greeting).unwrap();
        let mut heard = Vec::new();
        if !answer.is_empty() {
            let _ = stream.read(&mut [0; 1_024]);
            let _ = stream.write_all(answer);
        }
        // A connection that is reset ends it as well.
        let _ = stream.read_to_end(&mut heard);
        heard
    });
    (port, heard)
}

/// A port that takes connections and never says a word.
pub(crate) fn silence() -> (u16, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (listener.local_addr().unwrap().port(), listener)
}
