//! A raw HTTP/1.1 client over TLS that verifies what it is shown, as agents do.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring::default_provider};

use super::response::{self, Response};

const PATIENCE: Duration = Duration::from_secs(20);

/// A client of one address that trusts one authority.
#[derive(Clone)]
pub struct TlsClient {
    address: String,
    host: String,
    config: ClientConfig,
}

/// One connection, after its handshake.
pub struct TlsConnection {
    stream: StreamOwned<ClientConnection, TcpStream>,
    received: Vec<u8>,
    started: Instant,
}

impl TlsClient {
    /// Of this address, and asking for its host.
    pub fn trusting(authority: &Path, address: &str) -> Self {
        Self::of(authority, address, false)
    }

    /// The same, of before 2018.
    pub fn of_tls_1_2(authority: &Path, address: &str) -> Self {
        Self::of(authority, address, true)
    }

    fn of(authority: &Path, address: &str, old: bool) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
        let versions = if old { [&TLS12] } else { [&TLS13] };
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_protocol_versions(&versions).unwrap();
        let config = builder.with_root_certificates(roots).with_no_client_auth();
        let host = address.rsplit_once(':').unwrap().0.to_owned();
        Self { address: address.to_owned(), host, config }
    }

    /// Asking for another host.
    pub fn asking_for(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    /// Offering these protocols, the best first.
    pub fn offering(mut self, protocols: &[&str]) -> Self {
        self.config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        self
    }

    /// A connection that both sides have agreed on, or why there is none.
    pub fn connect(&self) -> io::Result<TlsConnection> {
        let started = Instant::now();
        let host = ServerName::try_from(self.host.clone()).unwrap();
        let session = ClientConnection::new(Arc::new(self.config.clone()), host).map_err(io::Error::other)?;
        let tcp = TcpStream::connect(&self.address)?;
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(PATIENCE))?;
        let mut stream = StreamOwned::new(session, tcp);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(TlsConnection { stream, received: Vec::new(), started })
    }

    /// Sends a request over a connection of its own; the whole answer.
    pub fn send(&self, request: &[u8]) -> io::Result<Response> {
        self.connect()?.send(request)
    }
}

impl TlsConnection {
    /// Sends a request; the whole answer.
    pub fn send(&mut self, request: &[u8]) -> io::Result<Response> {
        self.stream.write_all(request)?;
        self.stream.flush()?;
        loop {
            if let Some((response, length)) = response::take(&self.received, false) {
                self.received.drain(..length);
                return Ok(response.after(self.started.elapsed()));
            }
            let mut buffer = [0; 64 << 10];
            match self.stream.read(&mut buffer)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.received.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// The certificate it was shown, in DER.
    pub fn certificate(&self) -> Vec<u8> {
        self.stream.conn.peer_certificates().unwrap()[0].to_vec()
    }

    /// The protocol that was agreed on, if one was.
    pub fn protocol(&self) -> Option<String> {
        self.stream.conn.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned())
    }
}
