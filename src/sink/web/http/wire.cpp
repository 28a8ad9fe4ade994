#include "sink/web/http/wire.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace onepass::sink {
namespace {

using std::chrono::milliseconds;

bool wait_until(int socket, short event, Wire::Time deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  return left.count() > 0 && wait_for(socket, event, left);
}

class PlainWire : public Wire {
 public:
  explicit PlainWire(int socket) : socket_(socket) {}

  ssize_t receive(char* target, std::size_t size, Time deadline) override {
    if (!wait_until(socket_, POLLIN, deadline)) return -1;
    return ::recv(socket_, target, size, 0);
  }

  ssize_t send(const char* data, std::size_t size, Time deadline) override {
    if (!wait_until(socket_, POLLOUT, deadline)) return -1;
    ssize_t count = 0;
    do {
      count = ::send(socket_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    return count;
  }

 private:
  int socket_;
};

class TlsWire : public Wire {
 public:
  TlsWire(int socket, const TlsSettings& settings)
      : socket_(socket), settings_(settings), tls_(SSL_new(settings.get()), SSL_free) {
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    if (tls_) SSL_set_fd(tls_.get(), socket);
  }

  /// Tells the client that nothing was cut off.
  ~TlsWire() override {
    if (works_) SSL_shutdown(tls_.get());
    ERR_clear_error();
  }

  bool accept(Time deadline) {
    std::size_t none = 0;
    works_ = tls_ && attempt(
                         deadline, [&](std::size_t*) { return SSL_accept(tls_.get()); }, none) > 0;
    return works_;
  }

  ssize_t receive(char* target, std::size_t size, Time deadline) override {
    std::size_t count = 0;
    const int result = attempt(
        deadline, [&](std::size_t* done) { return SSL_read_ex(tls_.get(), target, size, done); }, count);
    return result > 0 ? static_cast<ssize_t>(count) : result;
  }

  ssize_t send(const char* data, std::size_t size, Time deadline) override {
    if (!works_) return -1;
    std::size_t count = 0;
    const int result = attempt(
        deadline, [&](std::size_t* done) { return SSL_write_ex(tls_.get(), data, size, done); }, count);
    return result > 0 ? static_cast<ssize_t>(count) : -1;
  }

  bool holds_bytes() const override { return SSL_has_pending(tls_.get()) == 1; }

 private:
  /// Repeats a call until it is done; returns 1, 0 at the end of the connection, -1 after an error or the deadline.
  template <typename Call>
  int attempt(Time deadline, Call call, std::size_t& count) {
    while (true) {
      ERR_clear_error();
      const int result = call(&count);
      if (result > 0) return 1;
      const int error = SSL_get_error(tls_.get(), result);
      const bool waits = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
      if (waits && wait_until(socket_, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) continue;
      works_ = works_ && waits;  // after other errors, even the farewell is not allowed
      return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
    }
  }

  int socket_;
  TlsSettings settings_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
  bool works_ = false;
};

/// Returns whether the client begins as TLS does. Nothing is taken from the socket.
bool begins_encrypted(int socket, Wire::Time deadline) {
  constexpr char handshake = 0x16;  // type of the first record (RFC 8446, section 5.1)
  char first = 0;
  return wait_until(socket, POLLIN, deadline) && ::recv(socket, &first, 1, MSG_PEEK) == 1 && first == handshake;
}

void say_https(int socket) {
  constexpr std::string_view answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
      "this page is encrypted: use https://\r\n";
  (void)!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

bool wait_for(int socket, short event, milliseconds longest) {
  pollfd entry{socket, event, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(0, longest.count())));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

std::unique_ptr<Wire> make_plain_wire(int socket) { return std::make_unique<PlainWire>(socket); }

std::unique_ptr<Wire> make_tls_wire(int socket, const TlsSettings& settings, Wire::Time deadline) {
  if (!begins_encrypted(socket, deadline)) {
    say_https(socket);
    return nullptr;
  }
  auto wire = std::make_unique<TlsWire>(socket, settings);
  if (!wire->accept(deadline)) return nullptr;
  return wire;
}

}  // namespace onepass::sink
