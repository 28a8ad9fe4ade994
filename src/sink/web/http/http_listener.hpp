// Provides an HTTP server that limits its clients: connections, size and duration of requests, and unread answers.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "onepass/web_server.hpp"
#include "sink/web/http/certificate.hpp"
#include "sink/web/http/http_connection.hpp"
#include "sink/web/http/httplib.hpp"
#include "sink/web/http/wire.hpp"

namespace onepass::sink {

/// What a server does beyond plain requests without a body.
struct HttpExtras {
  /// Returns how many bytes the body of a request may have; of a larger one, or of one whose size is not given, nothing
  /// is read. Called when the headers were read, before the handler.
  std::function<std::size_t(const httplib::Request& request)> body_limit = [](const auto&) { return std::size_t{0}; };
  TlsSettings tls{};  ///< null: connections are not encrypted
};

/// cpp-httplib's server, with its sockets read within the limits and closed at once by the destructor.
class HttpListener : private httplib::Server {
 public:
  using Handler = std::function<void(const httplib::Request& request, httplib::Response& response)>;

  /// Starts to listen, and to answer requests from its own threads.
  /// @param handler answers every request, whatever its path; called from several threads in parallel
  /// @throws std::runtime_error naming the address if it cannot be listened on.
  HttpListener(const WebAddress& address, const HttpLimits& limits, Handler handler, HttpExtras extras = {});

  /// Ends all connections and waits for their threads. Handlers that wait for an event must be woken before.
  ~HttpListener() override;

  int port() const { return port_; }

 private:
  bool process_and_close_socket(socket_t socket) override;
  bool admit(socket_t socket, const std::string& client);
  std::unique_ptr<Wire> make_wire(socket_t socket) const;
  void read_body(HttpConnection& connection, httplib::Request& request) const;
  void serve(socket_t socket, const std::string& client);
  void abort_connections();

  HttpLimits limits_;
  HttpExtras extras_;
  int port_ = 0;
  std::mutex mutex_;
  std::map<socket_t, std::string> open_;  ///< connections being served, and the addresses of their clients
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace onepass::sink
