// An HTTP server that bounds what its clients can take: connections, the size and time of a request, unread answers.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "onepass/web_server.hpp"
#include "sink/web/httplib.hpp"

namespace onepass {

struct HttpLimits {
  std::size_t connections = 64;           ///< served at a time; as many more wait, and the rest are turned away
  std::size_t request_bytes = 16 * 1024;  ///< request line and headers; bodies are not read
  std::chrono::milliseconds request_time{10'000};  ///< from the first byte of a request to its last
  std::chrono::milliseconds idle_time{5'000};      ///< between two requests on a connection
  std::chrono::milliseconds write_time{10'000};    ///< for a client to take anything of an answer at all
  int send_buffer_bytes = 256 * 1024;              ///< in the system: what a slow viewer can be behind
};

/// cpp-httplib's server for GET and HEAD, with sockets read under these limits and closed at once by stop.
class HttpListener : private httplib::Server {
 public:
  using Handler = std::function<void(const httplib::Request& request, httplib::Response& response)>;

  /// Begins to listen, and to answer from threads of its own.
  /// @param handler answers every request, whatever its path; called from many threads
  /// @throws std::runtime_error naming the address
  HttpListener(const WebAddress& address, const HttpLimits& limits, Handler handler);

  /// Ends all connections and waits for their threads. What handlers wait for must have been told to end.
  ~HttpListener() override;

  int port() const { return port_; }

 private:
  class Connection;
  class Workers;

  bool process_and_close_socket(socket_t socket) override;
  void serve(socket_t socket);
  void abort_connections();

  HttpLimits limits_;
  int port_ = 0;
  std::mutex mutex_;
  std::set<socket_t> open_;  ///< connections being served
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace onepass
