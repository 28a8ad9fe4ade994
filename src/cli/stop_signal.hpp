// Ctrl-C and termination, turned into a question that the loop asks.
#pragma once

namespace onepass {

/// What SIGHUP means: the terminal is gone, or whoever rotates log files wants them opened anew.
enum class Hangup { stop, reopen };

/// While it lives, the first SIGINT, SIGTERM or, unless it has another meaning, SIGHUP only sets a mark, so that
/// outputs can be completed; a second one ends the program at once. One at a time: signals belong to the process.
class StopSignal {
 public:
  explicit StopSignal(Hangup hangup = Hangup::stop);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// May be asked by any thread.
  bool received() const;

  /// Whether a SIGHUP that does not stop has come since the last call.
  bool take_hangup();
};

}  // namespace onepass
