#include "sink/web/http/http_listener.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/wait_until.hpp"

namespace onepass::sink {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A client that can send invalid requests.
class RawClient {
 public:
  /// @param from address of the client; all addresses that begin with 127 belong to this machine
  explicit RawClient(int port, const char* from = "127.0.0.1")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &address.sin_addr);
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no such address");
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False once the server has closed.
  bool send(const std::string& text) const {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  /// All bytes until the server closes the connection.
  std::string read_all() const {
    std::string text(1, '\0');
    std::string all;
    while (::recv(socket_, text.data(), 1, 0) == 1) all += text;
    return all;
  }

  /// Reads until this text has arrived.
  std::string read_until(const std::string& end) const {
    std::string all;
    for (char letter = 0; !all.ends_with(end) && ::recv(socket_, &letter, 1, 0) == 1;) all += letter;
    return all;
  }

 private:
  int socket_;
};

void say_hello(const httplib::Request& request, httplib::Response& response) {
  response.set_content("hello " + request.path, "text/plain");
}

HttpLimits small_limits() {
  HttpLimits limits;
  limits.request_bytes = 2048;
  limits.request_time = std::chrono::milliseconds(200);
  limits.idle_time = std::chrono::milliseconds(200);
  return limits;
}

const WebAddress any_port{"127.0.0.1", 0};

TEST(HttpListener, AnswersSeveralRequestsOnOneConnection) {
  const HttpListener listener(any_port, small_limits(), say_hello);
  const RawClient client(listener.port());
  client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto answer = client.read_all();
  EXPECT_THAT(answer, HasSubstr("hello /a"));
  EXPECT_THAT(answer, HasSubstr("hello /b"));
}

TEST(HttpListener, RefusesRequestsWithoutEnd) {
  const HttpListener listener(any_port, small_limits(), say_hello);
  const RawClient client(listener.port());
  client.send("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 1000 && client.send("X-Header: 0123456789012345678901234567890123456789\r\n"); ++i) {
  }
  // If the server closes before it has read everything, the client may lose the answer; only the end is tested.
  EXPECT_THAT(client.read_all(), testing::AnyOf("", StartsWith("HTTP/1.1 431 ")));
  const RawClient exact(listener.port());
  exact.send("GET / HTTP/1.1\r\nX: " + std::string(2100, 'a'));
  EXPECT_THAT(exact.read_all(), testing::AllOf(StartsWith("HTTP/1.1 431 "), testing::SizeIs(testing::Lt(200U))));
  const RawClient wrong(listener.port());  // an invalid request ends the connection
  wrong.send("NONSENSE\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(wrong.read_all(), testing::AllOf(StartsWith("HTTP/1.1 400 "), testing::Not(HasSubstr("hello"))));
}

TEST(HttpListener, RefusesRequestsThatTakeTooLong) {
  const HttpListener listener(any_port, small_limits(), say_hello);
  const RawClient client(listener.port());
  client.send("GET / HT");
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 408 "));
  const RawClient silent(listener.port());
  EXPECT_EQ(silent.read_all(), "");
}

TEST(HttpListener, DoesNotTakeABodyForTheNextRequest) {
  const HttpListener listener(any_port, small_limits(), say_hello);
  const RawClient client(listener.port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_all(), testing::Not(HasSubstr("hello /b")));
}

TEST(HttpListener, ReadsABodyWithinItsLimitAndTime) {
  HttpExtras extras;
  extras.body_limit = [](const httplib::Request& request) { return request.path == "/a" ? 100U : 0U; };
  const HttpListener listener(
      any_port, small_limits(),
      [](const auto& request, auto& response) {
        response.set_content("got " + std::to_string(request.body.size()), "text/plain");
      },
      extras);
  const auto answer = [&](const std::string& path, const std::string& headers, const std::string& body) {
    const RawClient client(listener.port());
    client.send("PUT " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body);
    return client.read_all();
  };
  EXPECT_THAT(answer("/a", "Content-Length: 100\r\n", std::string(100, 'x')), HasSubstr("got 100"));
  EXPECT_THAT(answer("/a", "Content-Length: 101\r\n", ""), HasSubstr("got 0"));
  EXPECT_THAT(answer("/b", "Content-Length: 5\r\n", ""), HasSubstr("got 0")) << "it does not wait for the body";
  EXPECT_THAT(answer("/a", "Content-Length: 5x\r\n", "12345"), HasSubstr("got 0"));
  EXPECT_THAT(answer("/a", "Content-Length: -5\r\n", "12345"), HasSubstr("got 0"));
  EXPECT_THAT(answer("/a", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "12345"), HasSubstr("got 0"));
  EXPECT_THAT(answer("/a", "Content-Length: 50\r\n", "too few"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(answer("/a", "Content-Length: 5\r\nExpect: 100-continue\r\n", "12345"),
              testing::AllOf(StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "), HasSubstr("got 5")));
}

TEST(HttpListener, SurvivesNonsense) {
  const HttpListener listener(any_port, small_limits(), say_hello);
  for (const std::string& nonsense :
       {std::string("\r\n\r\n"), std::string("\0\0\0\0\r\n\r\n", 8), std::string("GET\r\n\r\n"),
        std::string("GET  HTTP/1.1\r\n\r\n"), std::string("GET * HTTP/1.1\r\n\r\n"),
        std::string("GET x HTTP/9.9\r\n\r\n"), std::string("GET /% HTTP/1.1\r\n\r\n"),
        std::string("GET /%zz%00 HTTP/1.1\r\nHost: x\r\nRange: bytes=a-b\r\n\r\n"),
        std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")}) {
    const RawClient client(listener.port());
    client.send(nonsense);
    client.read_all();
  }
  const RawClient client(listener.port());
  client.send("GET /still-there HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_all(), HasSubstr("hello /still-there"));
}

TEST(HttpListener, TurnsAwayMoreConnectionsThanItServesAndQueues) {
  auto limits = small_limits();
  limits.connections = 1;
  std::promise<void> inside;
  std::promise<void> leave;
  auto leaving = leave.get_future().share();
  const HttpListener listener(any_port, limits, [&](const auto& request, auto& response) {
    if (request.path == "/wait") {
      inside.set_value();
      leaving.wait();
    }
    say_hello(request, response);
  });
  const RawClient served(listener.port());
  served.send("GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  inside.get_future().wait();
  const RawClient queued(listener.port());
  queued.send("GET /queued HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const RawClient too_many(listener.port());  // accepted in this order
  EXPECT_THAT(too_many.read_all(), StartsWith("HTTP/1.1 503 "));
  leave.set_value();
  EXPECT_THAT(served.read_all(), HasSubstr("hello /wait"));
  EXPECT_THAT(queued.read_all(), HasSubstr("hello /queued"));
}

TEST(HttpListener, OneClientCannotTakeAllConnections) {
  HttpLimits limits;
  limits.idle_time = std::chrono::hours(1);  // a client that says nothing is never sent away
  limits.request_time = std::chrono::hours(1);
  const HttpListener listener(any_port, limits, say_hello);
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 300; ++i) {
    silent.push_back(std::make_unique<RawClient>(listener.port(), "127.0.0.2"));
    if (i % 2 == 0) silent.back()->send("GET / HT");
  }
  // Until the last one is refused, all may fill the queue for a moment.
  EXPECT_THAT(silent.back()->read_all(), StartsWith("HTTP/1.1 503 "));
  const RawClient other(listener.port(), "127.0.0.3");
  other.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.read_all(), HasSubstr("hello /a"));
  const RawClient proxy(listener.port());
  proxy.send("GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(proxy.read_all(), HasSubstr("hello /b"));
}

std::ptrdiff_t open_descriptors() { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); }

TEST(HttpListener, HoldsABoundedNumberOfConnectionsOfAnyNumberOfClients) {
  HttpLimits limits;
  limits.idle_time = std::chrono::hours(1);
  limits.request_time = std::chrono::hours(1);
  const HttpListener listener(any_port, limits, say_hello);
  const auto before = open_descriptors();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 400; ++i) {
    const auto address = "127.0." + std::to_string(i % 40 + 2) + ".1";
    clients.push_back(std::make_unique<RawClient>(listener.port(), address.c_str()));
    clients.back()->send("GET / HT");
  }
  const RawClient too_many(listener.port(), "127.0.1.1");
  EXPECT_THAT(too_many.read_all(), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(test::wait_until([&] {  // as many wait as are served; one that is refused is closed a moment later
    const auto held = open_descriptors() - before - std::ssize(clients) - 1;
    return held <= static_cast<std::ptrdiff_t>(2 * limits.connections);
  }));
  clients.clear();
  EXPECT_TRUE(test::wait_until([&] {  // as soon as the ends of the others were noticed
    const RawClient later(listener.port());
    later.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return later.read_all().find("hello /a") != std::string::npos;
  }));
}

TEST(HttpListener, TellsWhoAsks) {
  const HttpListener listener(any_port, small_limits(), [](const auto& request, auto& response) {
    response.set_content("you are " + request.remote_addr, "text/plain");
  });
  const RawClient client(listener.port(), "127.0.0.9");
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.read_all(), testing::EndsWith("you are 127.0.0.9"));
}

TEST(HttpListener, LetsGoOfClientsThatDoNotRead) {
  auto limits = small_limits();
  limits.write_time = std::chrono::milliseconds(100);
  std::promise<bool> released;
  const HttpListener listener(any_port, limits, [&](const auto&, auto& response) {
    response.set_content_provider(
        "text/plain",
        [](std::size_t, httplib::DataSink& sink) {
          const std::string endless(10'000, 'x');
          return sink.write(endless.data(), endless.size());
        },
        [&](bool success) { released.set_value(success); });
  });
  const RawClient client(listener.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(released.get_future().get());
}

TEST(HttpListener, ClosesItsConnectionsWhenItEnds) {
  HttpLimits limits;
  limits.idle_time = std::chrono::hours(1);
  auto listener = std::make_unique<HttpListener>(any_port, limits, say_hello);
  const RawClient client(listener->port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_until("hello /"), StartsWith("HTTP/1.1 200 "));
  listener.reset();  // although the connection may stay idle for an hour
  EXPECT_EQ(client.read_all(), "");
}

}  // namespace
}  // namespace onepass::sink
