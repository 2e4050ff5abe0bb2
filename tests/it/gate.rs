//! An API that keeps the first request waiting until its gate opens, and takes all others: who sent the first is at work
//! for as long as a test wants.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::server::{Answer, Server};

/// Longer than any test waits for anything.
const LONG: Duration = Duration::from_secs(30);

#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Nobody has come.
    #[default]
    Unseen,
    /// Somebody waits.
    Closed,
    Open,
}

impl Gate {
    /// A server behind the gate.
    pub fn server(&self) -> Server {
        let gate = self.clone();
        Server::judge(move |_| {
            gate.pass();
            Answer::yes()
        })
    }

    /// Waits until somebody waits.
    pub fn wait_for_someone(&self) {
        let state = self.wait_while(|state| *state == State::Unseen);
        assert!(state != State::Unseen, "nobody came");
    }

    pub fn open(&self) {
        self.turn(State::Open);
    }

    /// The first waits, and all others pass.
    fn pass(&self) {
        let is_first = *self.0.0.lock().unwrap() == State::Unseen;
        if is_first {
            self.turn(State::Closed);
            self.wait_while(|state| *state == State::Closed);
        }
    }

    fn turn(&self, state: State) {
        *self.0.0.lock().unwrap() = state;
        self.0.1.notify_all();
    }

    fn wait_while(&self, condition: impl FnMut(&mut State) -> bool) -> State {
        let (state, moved) = &*self.0;
        let guard = state.lock().unwrap();
        let (guard, _) = moved.wait_timeout_while(guard, LONG, condition).unwrap();
        *guard
    }
}
