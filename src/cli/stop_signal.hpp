// Turns Ctrl-C and termination signals into a flag that the processing loop polls.
#pragma once

namespace onepass::cli {

/// The meaning of SIGHUP: stop because the terminal was closed, or reopen the output files after log rotation.
enum class Hangup { stop, reopen };

/// During its lifetime the first SIGINT, SIGTERM or (with Hangup::stop) SIGHUP only sets a flag, so that outputs can be
/// completed; a second one terminates the program immediately. Only one instance may exist at a time, because signal
/// handlers belong to the process.
class StopSignal {
 public:
  explicit StopSignal(Hangup hangup = Hangup::stop);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// Thread-safe.
  bool received() const;

  /// With Hangup::reopen: true if a SIGHUP has arrived since the last call.
  bool take_hangup();
};

}  // namespace onepass::cli
