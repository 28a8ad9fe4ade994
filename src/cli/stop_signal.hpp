// Ctrl-C and termination, turned into a question that the loop asks.
#pragma once

namespace onepass {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP only sets a mark, so that outputs can be completed; a second one
/// ends the program at once. One at a time: signals belong to the process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// May be asked by any thread.
  bool received() const;
};

}  // namespace onepass
