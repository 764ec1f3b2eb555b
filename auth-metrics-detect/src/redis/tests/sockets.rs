//! Servers behind a real socket that hang, drip, flood and speak another language.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use ::redis::{IntoConnectionInfo, pipe};

use crate::redis::link::{Connect, Trouble};
use crate::redis::wire::Wires;

/// What a client gets that asks one thing of a server with these manners.
fn ask(url_of: impl Fn(u16) -> String, serve: impl Fn(TcpStream) + Send + 'static) -> Result<usize, Trouble> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap())));
    let mut wires = Wires(url_of(port).into_connection_info().unwrap());
    let mut commands = pipe();
    commands.cmd("PING").cmd("PING");
    wires.connect()?.ask(&commands).map(|answers| answers.len())
}

fn url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}/")
}

fn answer(mut stream: TcpStream, text: &[u8]) {
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write_all(text);
    // Until the client is gone.
    let _ = stream.read_to_end(&mut Vec::new());
}

#[test]
fn server_that_answers_is_understood() {
    assert_eq!(ask(url, |stream| answer(stream, b"+PONG\r\n+PONG\r\n")), Ok(2));
}

#[test]
fn server_that_hangs_is_left() {
    assert_eq!(ask(url, |stream| answer(stream, b"")), Err(Trouble::Silent));
    assert_eq!(ask(url, |stream| answer(stream, b"+PONG\r\n$10\r\nab")), Err(Trouble::Silent));
}

#[test]
fn server_that_drips_is_left() {
    let drip = |mut stream: TcpStream| {
        let _ = stream.read(&mut [0; 4096]);
        while stream.write_all(b"+").is_ok() {
            thread::yield_now();
        }
    };
    // Whichever limit it meets first.
    assert!(matches!(ask(url, drip), Err(Trouble::Silent | Trouble::Refused)));
}

#[test]
fn server_that_floods_is_left() {
    let flood = |mut stream: TcpStream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"$1000000000000\r\n");
        while stream.write_all(&[b'a'; 8192]).is_ok() {}
    };
    assert_eq!(ask(url, flood), Err(Trouble::Refused));
    assert_eq!(ask(url, |stream| answer(stream, &b"*4096\r\n".repeat(200))), Err(Trouble::Refused));
}

#[test]
fn server_of_another_kind_is_refused() {
    assert_eq!(ask(url, |stream| answer(stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")), Err(Trouble::Refused));
    assert_eq!(ask(url, |stream| answer(stream, &[0xff; 64])), Err(Trouble::Refused));
    assert_eq!(ask(url, |stream| answer(stream, b"*-7\r\n:99999999999999999999\r\n")), Err(Trouble::Refused));
}

#[test]
fn server_that_closes_took_nothing() {
    assert_eq!(ask(url, |mut stream| assert!(stream.read(&mut [0; 4096]).is_ok())), Err(Trouble::Closed));
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    assert_eq!(ask(|_| url(gone), drop), Err(Trouble::Closed));
}

#[test]
fn login_that_is_refused_is_told() {
    let with_password = |port| format!("redis://user:secret@127.0.0.1:{port}/3");
    let refuse = |stream| answer(stream, b"-WRONGPASS invalid\r\n-NOAUTH\r\n");
    assert_eq!(ask(with_password, refuse), Err(Trouble::Refused));
}
