#include "sink/web/http/http_listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sink/web/http/access.hpp"
#include "sink/web/http/worker_pool.hpp"

namespace onepass::sink {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t requests_per_connection = 1000;

constexpr const char* busy = "503 Service Unavailable";
constexpr const char* too_large = "431 Request Header Fields Too Large";
constexpr const char* too_slow = "408 Request Timeout";

/// Sends an error status, hardly waiting if the client cannot take it at once.
void refuse(Wire& wire, const char* status) {
  const auto answer = fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
  wire.send(answer.data(), answer.size(), Clock::now() + milliseconds(5));
}

/// Returns the numeric address of the other side, without its port; empty if it has gone. Of an IPv6 address, only the
/// network is returned, because a client usually has all addresses of its network.
std::string client_of(socket_t socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&address);
  const bool is_network =
      address.ss_family == AF_INET6 && !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) && !IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
  if (is_network) std::fill(v6->sin6_addr.s6_addr + 8, v6->sin6_addr.s6_addr + 16, 0);
  std::array<char, NI_MAXHOST> name{};
  const auto* const given = reinterpret_cast<const sockaddr*>(&address);
  const int error = ::getnameinfo(given, size, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? name.data() : "";
}

/// Set in the accepting thread while it passes on a connection that must be refused, because the queue is full.
thread_local bool turned_away = false;

}  // namespace

/// Byte stream of one connection that enforces the limits.
class HttpListener::Connection : public httplib::Stream {
 public:
  Connection(socket_t socket, std::string client, const HttpLimits& limits, std::unique_ptr<Wire> wire)
      : socket_(socket), client_(std::move(client)), limits_(limits), wire_(std::move(wire)) {}

  /// Waits for the first byte of a request.
  bool next_request() {
    unread_bytes_ = limits_.request_bytes;
    refused_ = nullptr;
    if (begin_ == end_ && !wire_->holds_bytes() && !wait_for(socket_, POLLIN, limits_.idle_time)) return false;
    deadline_ = Clock::now() + limits_.request_time;
    return true;
  }

  /// Reads a body of this size; returns less if the client sends less in time.
  std::string read_body(std::size_t size) {
    unread_bytes_ = size;
    std::string body(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
      const auto count = read(body.data() + filled, size - filled);
      if (count <= 0) break;
      filled += static_cast<std::size_t>(count);
    }
    body.resize(filled);
    return body;
  }

  Wire& wire() { return *wire_; }

  /// Returns the error status if the request exceeded a limit; null otherwise.
  const char* refused() const { return refused_; }

  bool is_readable() const override { return begin_ < end_; }

  bool is_writable() const override { return wait_for(socket_, POLLOUT, limits_.write_time) && !hung_up(); }

  ssize_t read(char* target, std::size_t size) override {
    if (begin_ == end_ && !fill()) return -1;
    if (unread_bytes_ == 0) {
      refused_ = too_large;
      return -1;
    }
    const auto count = std::min({size, end_ - begin_, unread_bytes_});
    std::memcpy(target, buffer_.data() + begin_, count);
    begin_ += count;
    unread_bytes_ -= count;
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char* data, std::size_t size) override {
    return refused_ ? -1 : wire_->send(data, size, Clock::now() + limits_.write_time);
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip = client_, port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return socket_; }

 private:
  bool fill() {
    const auto count = wire_->receive(buffer_.data(), buffer_.size(), deadline_);
    if (count < 0 && Clock::now() >= deadline_) refused_ = too_slow;
    begin_ = 0;
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    return end_ > 0;
  }

  bool hung_up() const {
    char byte = 0;
    return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }

  socket_t socket_;
  std::string client_;
  const HttpLimits& limits_;
  std::unique_ptr<Wire> wire_;
  std::array<char, 4096> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t unread_bytes_ = 0;  ///< bytes that the request may still have
  Clock::time_point deadline_;
  const char* refused_ = nullptr;
};

HttpListener::HttpListener(const WebAddress& address, const HttpLimits& limits, Handler handler, HttpExtras extras)
    : limits_(limits), extras_(std::move(extras)) {
  set_pre_routing_handler([handler = std::move(handler)](const auto& request, auto& response) {
    handler(request, response);
    return HandlerResponse::Handled;
  });
  set_socket_options([size = limits.send_buffer_bytes](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  });
  set_tcp_nodelay(true);
  new_task_queue = [this] {
    return new WorkerPool(limits_.connections, [](const std::function<void()>& serve_connection) {
      turned_away = true;
      serve_connection();
      turned_away = false;
    });
  };
  errno = 0;
  port_ = address.port == 0                          ? bind_to_any_port(address.host)
          : bind_to_port(address.host, address.port) ? address.port
                                                     : -1;
  if (port_ < 0) {
    const int error = errno;
    throw std::runtime_error(fmt::format(
        "{}:{}: cannot serve here: {}", address.host, address.port,
        error == EADDRINUSE ? "the port is taken (another program listens there; choose another port, or 0 for any)"
        : error == 0        ? "no such address"
                            : std::generic_category().message(error)));
  }
  thread_ = std::thread([this] { listen_after_bind(); });
  while (!is_running()) std::this_thread::yield();  // a stop() before it runs would have no effect
  // The library lets five connections wait to be accepted. If a page opens more at once on a busy machine, the system
  // drops them, and they are tried again a second later.
  constexpr int waiting_connections = 128;
  ::listen(svr_sock_, waiting_connections);
}

HttpListener::~HttpListener() {
  abort_connections();
  stop();
  thread_.join();
}

/// Adds the connection to the open ones, unless a limit is reached.
bool HttpListener::admit(socket_t socket, const std::string& client) {
  const std::lock_guard lock(mutex_);
  if (turned_away || stopping_) return false;
  const auto of_client = [&](const auto& entry) { return entry.second == client; };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(open_, of_client));
  if (count >= limits_.per_client && !may_be_proxy(client)) return false;
  open_.emplace(socket, client);
  return true;
}

bool HttpListener::process_and_close_socket(socket_t socket) {
  const auto client = client_of(socket);
  if (admit(socket, client)) {
    serve(socket, client);
    const std::lock_guard lock(mutex_);
    open_.erase(socket);  // before it is closed, because the system may reuse its number
  } else {
    refuse(*make_plain_wire(socket), busy);  // without encryption, whose start could take long
  }
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return true;
}

/// Returns null if the client does not begin to speak in time.
std::unique_ptr<Wire> HttpListener::make_wire(socket_t socket) const {
  if (!extras_.tls) return make_plain_wire(socket);
  if (!wait_for(socket, POLLIN, limits_.idle_time)) return nullptr;
  return make_tls_wire(socket, extras_.tls, Clock::now() + limits_.request_time);
}

/// Reads the body, if the request may have one of this size.
void HttpListener::read_body(Connection& connection, httplib::Request& request) const {
  const auto most = extras_.body_limit(request);
  const auto given = request.get_header_value("Content-Length");
  std::size_t size = 0;
  const auto parsed = std::from_chars(given.data(), given.data() + given.size(), size);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == given.data() + given.size();
  if (size == 0 || size > most || !is_number || request.has_header("Transfer-Encoding")) return;
  if (request.get_header_value("Expect") == "100-continue") {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    connection.write(go_on.data(), go_on.size());
    request.headers.erase("Expect");
  }
  request.body = connection.read_body(size);
}

void HttpListener::serve(socket_t socket, const std::string& client) {
  auto wire = make_wire(socket);
  if (!wire) return;
  Connection connection(socket, client, limits_, std::move(wire));
  for (std::size_t count = 1; count <= requests_per_connection && connection.next_request(); ++count) {
    bool closed = false;
    bool understood = false;
    bool has_body = false;
    const auto prepare = [&](httplib::Request& request) {
      understood = true;
      has_body = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
      request.ranges.clear();  // range requests get the whole content
      if (has_body) read_body(connection, request);
    };
    const bool answered = process_request(connection, count == requests_per_connection, closed, prepare);
    if (connection.refused()) refuse(connection.wire(), connection.refused());
    // Not every body is read, so the bytes after a malformed request or a request with a body do not start a new one.
    if (!answered || closed || !understood || has_body) return;
  }
}

void HttpListener::abort_connections() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [socket, client] : open_) ::shutdown(socket, SHUT_RDWR);
}

}  // namespace onepass::sink
