//! One test for each way past the guard that has been thought of, with its twin: the same attack without the guard works.

mod around;
mod disguised;
mod exhaustion;
mod provider_side;
mod request_side;
mod restoring;
mod spoken;
