// A server of live streams that runs during a test.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace onepass::test {

/// A running server of tests/support; killed by the destructor.
class StreamServer {
 public:
  /// @param script such as "rtsp_server.py"
  /// @throws std::runtime_error with the server's output if it does not start.
  StreamServer(const std::string& script, const std::vector<std::string>& arguments = {});
  ~StreamServer() { kill(); }
  StreamServer(const StreamServer&) = delete;
  StreamServer& operator=(const StreamServer&) = delete;

  int port() const { return port_; }

  /// Kills the server, as in a power failure.
  void kill();

  /// Stops the server: its connections stay open, but it sends nothing.
  void freeze() const;
  void thaw() const;

 private:
  pid_t pid_ = -1;
  int port_ = 0;
};

}  // namespace onepass::test
