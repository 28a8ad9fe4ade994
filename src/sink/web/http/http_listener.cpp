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
void HttpListener::read_body(HttpConnection& connection, httplib::Request& request) const {
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
  HttpConnection connection(socket, client, limits_, std::move(wire));
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
