//! What Lambda answers in place of a function that cannot answer for itself.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

/// The most that Lambda takes as an answer: 6 MB and 100 bytes for what surrounds it.
pub(super) const MAX_ANSWER_BYTES: usize = 6 * 1024 * 1024 + 100;

/// The process ended before it had answered.
pub(super) fn exited(request_id: &str, status: ExitStatus) -> Bytes {
    let reason = reason(status);
    payload(
        "Runtime.ExitError",
        format!("RequestId: {request_id} Error: {reason}"),
    )
}

/// The function took longer than its template lets it. Observed: AWS, since 2023; before, the text began with a time and no label.
pub(super) fn timed_out(request_id: &str, timeout: Duration) -> Bytes {
    let seconds = timeout.as_secs_f64();
    payload(
        "Sandbox.Timedout",
        format!("RequestId: {request_id} Error: Task timed out after {seconds:.2} seconds"),
    )
}

/// The answer is longer than [`MAX_ANSWER_BYTES`].
pub(super) fn answer_too_large() -> Bytes {
    payload(
        "Function.ResponseSizeTooLarge",
        format!(
            "Response payload size exceeded maximum allowed payload size ({MAX_ANSWER_BYTES} bytes)."
        ),
    )
}

/// What a failure looks like to the caller.
pub(super) fn payload(error_type: &str, error_message: String) -> Bytes {
    let payload = json!({ "errorType": error_type, "errorMessage": error_message });
    payload.to_string().into()
}

/// How a process ended, in the words of Lambda, which are those of Go's `os.ProcessState`.
pub(super) fn reason(status: ExitStatus) -> String {
    let dumped = if status.core_dumped() {
        " (core dumped)"
    } else {
        ""
    };
    match (status.code(), status.signal()) {
        (Some(0), _) => "Runtime exited without providing a reason".to_owned(),
        (Some(code), _) => format!("Runtime exited with error: exit status {code}"),
        (None, signal) => {
            let signal = signal.map_or("unknown".to_owned(), signal_name);
            format!("Runtime exited with error: signal: {signal}{dumped}")
        }
    }
}

fn signal_name(signal: i32) -> String {
    match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        15 => "terminated",
        other => return format!("signal {other}"),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_worded_as_lambda_words_them() {
        // A wait status holds the exit code in its second byte, else the signal in its lowest seven bits and the core dump in the eighth.
        check("exit 0", 0, "Runtime exited without providing a reason");
        check("exit 1", 1 << 8, "Runtime exited with error: exit status 1");
        check("killed", 9, "Runtime exited with error: signal: killed");
        check(
            "core dumped",
            6 | 0x80,
            "Runtime exited with error: signal: aborted (core dumped)",
        );
        check(
            "unnamed signal",
            31,
            "Runtime exited with error: signal: signal 31",
        );
    }

    #[track_caller]
    fn check(case: &str, wait_status: i32, expected: &str) {
        assert_eq!(
            reason(ExitStatus::from_raw(wait_status)),
            expected,
            "{case}"
        );
    }
}
