//! Small requests: at random moments that wait for nobody (open loop), and as fast as they go (closed loop).

use std::{
    io::{self, Write},
    net::{Shutdown, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{clock, http::Reader};
use crate::random::Random;

/// Connections of the open loop: far more than are ever busy at once.
const POOL: usize = 64;

/// Connections of the closed loop.
const FLAT_OUT: usize = 32;

/// Microseconds from each request's sending to its answer's last byte; requests come `rate` times a second.
pub(crate) fn open_loop(address: &str, request: &[u8], rate: f64, time: Duration) -> io::Result<Vec<f64>> {
    let idle = Arc::new(Mutex::new(Vec::new()));
    let mut lines = Vec::new();
    for index in 0..POOL {
        lines.push(Line::open(address, request, index, &idle)?);
    }
    let mut random = Random::new(7);
    let end = clock::now() + time.as_nanos() as u64;
    let mut due = clock::now();
    loop {
        due += random.exponential(1e9 / rate) as u64;
        if due > end {
            break;
        }
        clock::sleep_until(due);
        let mut sent = clock::now();
        let index = loop {
            if let Some(index) = lock(&idle).pop() {
                break index;
            }
            // All are busy: the time that the request waits for a connection counts.
            sent = due;
            thread::sleep(Duration::from_micros(50));
        };
        lines[index].send(request, sent)?;
    }
    // What is under way is let finish.
    let patience = clock::now() + 2_000_000_000;
    while lock(&idle).len() < POOL && clock::now() < patience {
        thread::sleep(Duration::from_millis(1));
    }
    let mut latencies = Vec::new();
    for line in lines {
        latencies.extend(line.close()?);
    }
    Ok(latencies)
}

/// Requests answered by connections that each send the next when they have the answer, and in how many seconds.
pub(crate) fn closed_loop(address: &str, request: &[u8], time: Duration) -> io::Result<(f64, f64)> {
    let done = Arc::new(AtomicBool::new(false));
    let start = || {
        let (done, request) = (done.clone(), request.to_vec());
        let mut stream = connect(address)?;
        let mut reader = Reader::new(stream.try_clone()?);
        Ok::<_, io::Error>(thread::spawn(move || {
            let mut count = 0;
            while !done.load(SeqCst) {
                stream.write_all(&request)?;
                answer(&mut reader)?;
                count += 1;
            }
            Ok::<u64, io::Error>(count)
        }))
    };
    let threads: Vec<JoinHandle<io::Result<u64>>> = (0..FLAT_OUT).map(|_| start()).collect::<Result<_, _>>()?;
    let start = clock::now();
    thread::sleep(time);
    done.store(true, SeqCst);
    let mut sum = 0;
    for thread in threads {
        sum += thread.join().map_err(|_| io::Error::other("a load thread died"))??;
    }
    Ok((sum as f64, (clock::now() - start) as f64 / 1e9))
}

/// A connection that writes its delay away.
pub(crate) fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

/// Reads a whole answer, which must be a good one.
fn answer(reader: &mut Reader) -> io::Result<()> {
    let status = reader.head()?;
    let body = reader.whole()?;
    if status.contains(" 200") {
        return Ok(());
    }
    Err(io::Error::other(format!("answered {status}: {}", String::from_utf8_lossy(&body))))
}

/// A connection and the thread that reads its answers.
struct Line {
    stream: TcpStream,
    sent: Arc<AtomicU64>,
    reads: JoinHandle<io::Result<Vec<f64>>>,
}

impl Line {
    fn open(address: &str, request: &[u8], index: usize, idle: &Arc<Mutex<Vec<usize>>>) -> io::Result<Self> {
        let mut stream = connect(address)?;
        let mut reader = Reader::new(stream.try_clone()?);
        // The first exchange warms every pool on the way and counts for nothing.
        stream.write_all(request)?;
        answer(&mut reader)?;
        lock(idle).push(index);
        let sent = Arc::new(AtomicU64::new(0));
        let (since, idle) = (sent.clone(), idle.clone());
        let reads = thread::spawn(move || {
            let mut latencies = Vec::new();
            loop {
                match answer(&mut reader) {
                    Ok(()) => {}
                    Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(latencies),
                    Err(e) => return Err(e),
                }
                latencies.push((reader.stamp - since.load(SeqCst)) as f64 / 1e3);
                lock(&idle).push(index);
            }
        });
        Ok(Line { stream, sent, reads })
    }

    fn send(&mut self, request: &[u8], sent: u64) -> io::Result<()> {
        self.sent.store(sent, SeqCst);
        self.stream.write_all(request)
    }

    fn close(self) -> io::Result<Vec<f64>> {
        self.stream.shutdown(Shutdown::Both)?;
        self.reads.join().map_err(|_| io::Error::other("a load thread died"))?
    }
}

fn lock(idle: &Mutex<Vec<usize>>) -> std::sync::MutexGuard<'_, Vec<usize>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
