// A server of live streams that runs beside the test.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace onepass::test {

/// One of the servers in tests/support, listening; killed at the end.
class StreamServer {
 public:
  /// @param script such as "rtsp_server.py"
  /// @throws std::runtime_error with what the server says where it does not start.
  StreamServer(const std::string& script, const std::vector<std::string>& arguments = {});
  ~StreamServer() { kill(); }
  StreamServer(const StreamServer&) = delete;
  StreamServer& operator=(const StreamServer&) = delete;

  int port() const { return port_; }

  /// As if the power failed.
  void kill();

  /// It keeps its connections and says nothing any more.
  void freeze() const;
  void thaw() const;

 private:
  pid_t pid_ = -1;
  int port_ = 0;
};

}  // namespace onepass::test
