//! Exit codes: one exhaustive match turns the end of a run into a number that scripts rely on.

use crate::event::Halt;
use crate::source::Cause;

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything that was read is accepted, or was left out on purpose.
    Done,
    /// A bug, or something unforeseen.
    Bug,
    /// The command line, the configuration or the mapping is wrong.
    Usage,
    /// Some contacts did not arrive.
    SomeFailed,
    /// The input cannot be read, or broke off.
    Input,
    /// The credentials are not taken.
    Denied,
    /// Stopped before the end.
    Stopped,
    /// Something cannot be written.
    Output,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Bug => 1,
            Exit::Usage => 2,
            Exit::SomeFailed => 3,
            Exit::Input => 4,
            Exit::Denied => 5,
            Exit::Stopped => 6,
            Exit::Output => 7,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }

    /// The same, unless all was well up to the output: then that is the first fault.
    pub(crate) fn or_output(self) -> Exit {
        match self {
            Exit::Done | Exit::SomeFailed => Exit::Output,
            fault => fault,
        }
    }

    /// The code for the first fault in time; a limit is not a fault.
    pub(crate) fn of(halt: &Halt) -> Option<Exit> {
        match halt {
            Halt::Input(_) => Some(Exit::Input),
            Halt::Denied(_) => Some(Exit::Denied),
            Halt::Unreachable(_)
            | Halt::WrongAddress(_)
            | Halt::AllRefused(_)
            | Halt::MaxErrors(_)
            | Halt::Locked(_) => Some(Exit::Stopped),
            Halt::Output(_) => Some(Exit::Output),
            Halt::Interrupted => Some(Exit::Interrupted),
            Halt::Terminated => Some(Exit::Terminated),
            Halt::Limit => None,
        }
    }
}

impl From<Cause> for Exit {
    fn from(cause: Cause) -> Exit {
        match cause {
            Cause::Usage => Exit::Usage,
            Cause::Input => Exit::Input,
        }
    }
}
