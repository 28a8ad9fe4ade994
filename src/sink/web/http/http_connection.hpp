// One connection of the HTTP server: the bytes of its requests, within the limits.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "sink/web/http/httplib.hpp"
#include "sink/web/http/wire.hpp"

namespace onepass::sink {

struct HttpLimits {
  std::size_t connections = 64;                    ///< served in parallel; as many more wait, further ones are refused
  std::size_t per_client = 24;                     ///< of these for one address other than a proxy on this machine
  std::size_t request_bytes = 16 * 1024;           ///< for request line and headers
  std::chrono::milliseconds request_time{10'000};  ///< from the first to the last byte of a request
  std::chrono::milliseconds idle_time{5'000};      ///< between two requests on a connection
  std::chrono::milliseconds write_time{10'000};    ///< for a client to accept any further byte of an answer
  int send_buffer_bytes = 256 * 1024;              ///< socket send buffer; limits how far a slow viewer falls behind
};

/// Byte stream of one connection that enforces the limits.
class HttpConnection : public httplib::Stream {
 public:
  /// @param limits must outlive the connection
  HttpConnection(socket_t socket, std::string client, const HttpLimits& limits, std::unique_ptr<Wire> wire)
      : socket_(socket), client_(std::move(client)), limits_(limits), wire_(std::move(wire)) {}

  /// Waits for the first byte of a request.
  bool next_request();

  /// Reads a body of this size; returns less if the client sends less in time.
  std::string read_body(std::size_t size);

  Wire& wire() { return *wire_; }

  /// Returns the error status if the request exceeded a limit; null otherwise.
  const char* refused() const { return refused_; }

  bool is_readable() const override { return begin_ < end_; }
  bool is_writable() const override;
  ssize_t read(char* target, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip = client_, port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return socket_; }

 private:
  bool fill();
  bool hung_up() const;

  socket_t socket_;
  std::string client_;
  const HttpLimits& limits_;
  std::unique_ptr<Wire> wire_;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t unread_bytes_ = 0;  ///< bytes that the request may still have
  Wire::Time deadline_;
  const char* refused_ = nullptr;
};

}  // namespace onepass::sink
