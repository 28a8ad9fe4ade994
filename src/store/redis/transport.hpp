// A TCP connection, optionally with TLS, whose every step has a deadline.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace onepass::store {

using Deadline = std::chrono::steady_clock::time_point;

struct Endpoint {
  std::string host;
  int port = 0;
  bool tls = false;
  std::filesystem::path ca_file;  ///< trusted certificates (PEM); empty: those of the system
};

class Transport {
 public:
  /// @throws TemporaryError with the reason, without the address: unknown host, refused, no answer; std::runtime_error
  ///         if TLS failed.
  Transport(const Endpoint& endpoint, Deadline deadline);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Sends all bytes.
  /// @throws std::runtime_error if the connection is lost or the time is over.
  void write(std::string_view bytes, Deadline deadline);

  /// Waits for bytes and returns them, at least one.
  /// @throws std::runtime_error if the connection is lost or the time is over.
  std::string_view read(Deadline deadline);

 private:
  void send(std::string_view bytes, Deadline deadline) const;
  std::string_view receive(Deadline deadline);
  void start_tls(const Endpoint& endpoint, Deadline deadline);
  void flush_tls(Deadline deadline);
  void feed_tls(Deadline deadline);

  struct Tls;
  int socket_ = -1;
  std::unique_ptr<Tls> tls_;  ///< none: plain
  std::string received_;      ///< buffer of receive()
  std::string decrypted_;     ///< buffer of read() with TLS
};

}  // namespace onepass::store
