// Moves the bytes of one connection, plain or encrypted, without waiting longer than allowed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>

#include "sink/web/http/certificate.hpp"

namespace onepass::sink {

/// Waits until the socket is ready for an event of poll(); returns false when the time is over.
bool wait_for(int socket, short event, std::chrono::milliseconds longest);

/// Used by one thread. The socket stays the caller's.
class Wire {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~Wire() = default;

  /// Waits for the first bytes; returns how many came, 0 at the end of the connection, -1 after an error or the
  /// deadline.
  virtual ssize_t receive(char* target, std::size_t size, Time deadline) = 0;

  /// Waits until some bytes can be sent; returns how many, or -1 after an error or the deadline.
  virtual ssize_t send(const char* data, std::size_t size, Time deadline) = 0;

  /// Returns whether bytes have arrived that the socket no longer shows.
  virtual bool holds_bytes() const { return false; }
};

std::unique_ptr<Wire> make_plain_wire(int socket);

/// Greets the client and agrees on the keys; null if that fails, or is not done before the deadline. A client that does
/// not encrypt gets a short answer that says so.
std::unique_ptr<Wire> make_tls_wire(int socket, const TlsSettings& settings, Wire::Time deadline);

}  // namespace onepass::sink
