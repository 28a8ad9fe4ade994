#include "store/redis/transport.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "onepass/temporary_error.hpp"

namespace onepass::store {
namespace {

constexpr std::size_t buffer_size = 64 << 10;

/// The server cannot be reached now.
[[noreturn]] void fail(const std::string& why) { throw TemporaryError(why); }
[[noreturn]] void fail_with(int error) { fail(std::generic_category().message(error)); }
[[noreturn]] void fail_for_good(const std::string& why) { throw std::runtime_error(why); }

/// Waits until the socket is ready.
void wait_for(int socket, short events, Deadline deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) fail("no answer in time");
    pollfd entry{socket, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) fail_with(errno);
  }
}

/// Connects to one address of the host; returns 0 or the error.
int connect_to(int socket, const addrinfo& address, Deadline deadline) {
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  try {
    wait_for(socket, POLLOUT, deadline);
  } catch (const std::runtime_error&) {
    return ETIMEDOUT;
  }
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

int connected_socket(const Endpoint& endpoint, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found) != 0)
    fail("unknown host");
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int error = EHOSTUNREACH;
  for (const auto* address = found; address; address = address->ai_next) {
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) fail_with(errno);
    error = connect_to(socket, *address, deadline);
    const int at_once = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (error == 0) return socket;
    ::close(socket);
  }
  fail_with(error);
}

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return ::inet_pton(AF_INET, host.c_str(), parsed.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), parsed.data()) == 1;
}

}  // namespace

/// OpenSSL works on buffers in memory; sending and receiving stay here, where they have deadlines and raise no signal.
struct Transport::Tls {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> session{nullptr, &SSL_free};
  BIO* incoming = nullptr;  ///< owned by the session, as the other one
  BIO* outgoing = nullptr;
};

Transport::Transport(const Endpoint& endpoint, Deadline deadline) : received_(buffer_size, '\0') {
  if (!endpoint.ca_file.empty() && !std::ifstream(endpoint.ca_file))
    fail_for_good(endpoint.ca_file.string() + ": these certificates cannot be read");
  socket_ = connected_socket(endpoint, deadline);
  if (!endpoint.tls) return;
  try {
    start_tls(endpoint, deadline);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

Transport::~Transport() {
  tls_.reset();
  ::close(socket_);
}

void Transport::start_tls(const Endpoint& endpoint, Deadline deadline) {
  tls_ = std::make_unique<Tls>();
  auto* context = tls_->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  const bool trusts = endpoint.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context) == 1
                          : SSL_CTX_load_verify_locations(context, endpoint.ca_file.c_str(), nullptr) == 1;
  if (!trusts) fail_for_good(endpoint.ca_file.string() + ": these certificates cannot be read");
  tls_->session.reset(SSL_new(context));
  auto* session = tls_->session.get();
  tls_->incoming = BIO_new(BIO_s_mem());
  tls_->outgoing = BIO_new(BIO_s_mem());
  SSL_set_bio(session, tls_->incoming, tls_->outgoing);
  if (is_number(endpoint.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), endpoint.host.c_str());
  } else {
    SSL_set_tlsext_host_name(session, endpoint.host.c_str());
    SSL_set1_host(session, endpoint.host.c_str());
  }
  for (int result = 0; (result = SSL_connect(session)) != 1;) {
    const int error = SSL_get_error(session, result);
    flush_tls(deadline);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      ERR_clear_error();
      fail_for_good("TLS failed (is the server's certificate trusted on this machine?)");
    }
    if (error == SSL_ERROR_WANT_READ) feed_tls(deadline);
  }
  flush_tls(deadline);
}

void Transport::send(std::string_view bytes, Deadline deadline) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) fail_with(errno);
    wait_for(socket_, POLLOUT, deadline);
  }
}

std::string_view Transport::receive(Deadline deadline) {
  while (true) {
    const auto count = ::recv(socket_, received_.data(), received_.size(), 0);
    if (count > 0) return {received_.data(), static_cast<std::size_t>(count)};
    if (count == 0) fail("the connection was closed");
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) fail_with(errno);
    wait_for(socket_, POLLIN, deadline);
  }
}

/// Sends what OpenSSL has written.
void Transport::flush_tls(Deadline deadline) {
  std::string bytes(BIO_ctrl_pending(tls_->outgoing), '\0');
  if (bytes.empty()) return;
  BIO_read(tls_->outgoing, bytes.data(), static_cast<int>(bytes.size()));
  send(bytes, deadline);
}

/// Receives what OpenSSL waits for.
void Transport::feed_tls(Deadline deadline) {
  const auto bytes = receive(deadline);
  BIO_write(tls_->incoming, bytes.data(), static_cast<int>(bytes.size()));
}

void Transport::write(std::string_view bytes, Deadline deadline) {
  if (!tls_) return send(bytes, deadline);
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, buffer_size);
    const int written = SSL_write(tls_->session.get(), part.data(), static_cast<int>(part.size()));
    if (written <= 0) {
      ERR_clear_error();
      fail("the TLS connection was lost");
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    flush_tls(deadline);
  }
}

std::string_view Transport::read(Deadline deadline) {
  if (!tls_) return receive(deadline);
  decrypted_.resize(buffer_size);
  while (true) {
    const int count = SSL_read(tls_->session.get(), decrypted_.data(), static_cast<int>(decrypted_.size()));
    if (count > 0) return {decrypted_.data(), static_cast<std::size_t>(count)};
    const int error = SSL_get_error(tls_->session.get(), count);
    flush_tls(deadline);
    if (error != SSL_ERROR_WANT_READ) {
      ERR_clear_error();
      fail("the connection was closed");
    }
    feed_tls(deadline);
  }
}

}  // namespace onepass::store
