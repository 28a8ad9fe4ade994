// Serves over HTTPS with certificates made by openssl, to its own client and to one that misbehaves.
#include "sink/web/http/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/web_server.hpp"
#include "sink/web/http/http_listener.hpp"
#include "support/child_process.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::ChildProcess;
using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::StartsWith;

/// A self-signed certificate of this machine and its key, "<name>.pem" and "<name>.key".
void make_certificate(const TemporaryFolder& folder, const std::string& name, std::vector<std::string> more = {}) {
  std::vector<std::string> command = {"/usr/bin/openssl",
                                      "req",
                                      "-x509",
                                      "-newkey",
                                      "ec",
                                      "-pkeyopt",
                                      "ec_paramgen_curve:prime256v1",
                                      "-days",
                                      "2",
                                      "-subj",
                                      "/CN=onepass test",
                                      "-addext",
                                      "subjectAltName=IP:127.0.0.1,DNS:localhost",
                                      "-keyout",
                                      folder / (name + ".key"),
                                      "-out",
                                      folder / (name + ".pem")};
  if (more.empty()) more = {"-nodes"};
  command.insert(command.end(), more.begin(), more.end());
  ASSERT_EQ(ChildProcess(command, folder / "log").wait(), 0) << test::read_file(folder / "log");
}

class Certificates : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TemporaryFolder>();
    make_certificate(*folder, "mine");
    make_certificate(*folder, "other");
    make_certificate(*folder, "locked", {"-passout", "pass:secret"});
  }
  static void TearDownTestSuite() { folder.reset(); }

  static std::string error_of(const std::string& certificate, const std::string& key) {
    return message_of([&] { load_certificate(*folder / certificate, *folder / key); });
  }
  static std::string path(const std::string& name) { return *folder / name; }

  static std::unique_ptr<TemporaryFolder> folder;
};

std::unique_ptr<TemporaryFolder> Certificates::folder;

TEST_F(Certificates, ThatDoNotFitAreErrorsOfOneLine) {
  EXPECT_EQ(error_of("mine.pem", "mine.key"), "");
  EXPECT_EQ(error_of("mine.pem", "other.key"),
            path("other.key") + ": does not belong to the certificate " + path("mine.pem") + " (setting: serve_key)");
  EXPECT_EQ(error_of("none.pem", "mine.key"), path("none.pem") + ": cannot be read (setting: serve_certificate)");
  EXPECT_EQ(error_of("mine.pem", "none.key"), path("none.key") + ": cannot be read (setting: serve_key)");
  EXPECT_EQ(error_of("mine.key", "mine.key"),
            path("mine.key") + ": is not a certificate in PEM format (setting: serve_certificate)");
  EXPECT_EQ(error_of("mine.pem", "mine.pem"),
            path("mine.pem") + ": is not a private key in PEM format (setting: serve_key)");
  EXPECT_EQ(error_of("locked.pem", "locked.key"),
            path("locked.key") + ": is protected by a passphrase; give a key without one (setting: serve_key)");
}

/// Copies mine.pem with another time, in seconds from now, in which it is valid.
void make_timed(const TemporaryFolder& folder, const std::string& name, long begin_s, long end_s) {
  const auto open = [&](const std::string& file, const char* mode) {
    return std::unique_ptr<FILE, decltype(&std::fclose)>(std::fopen((folder / file).c_str(), mode), std::fclose);
  };
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_X509(open("mine.pem", "r").get(), nullptr, nullptr, nullptr), X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_PrivateKey(open("mine.key", "r").get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), begin_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), end_s);
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  ASSERT_EQ(PEM_write_X509(open(name, "w").get(), certificate.get()), 1);
}

TEST_F(Certificates, ThatAreNotValidNowAreTold) {
  make_timed(*folder, "old.pem", -100'000, -60);
  make_timed(*folder, "early.pem", 3600, 100'000);
  const auto problem_of = [](const std::string& name) {
    return time_problem(load_certificate(path(name), path("mine.key")));
  };
  EXPECT_EQ(problem_of("mine.pem"), "");
  EXPECT_THAT(problem_of("old.pem"), testing::MatchesRegex("expired on 20[0-9][0-9]-[01][0-9]-[0-3][0-9]"));
  EXPECT_THAT(problem_of("early.pem"), StartsWith("is not valid before 20"));
  WebOptions options;
  options.address.port = 0;
  options.certificate = path("old.pem");
  EXPECT_THAT(message_of([&] { WebServer server(options); }), HasSubstr("must be given together"));
  std::string warning;
  options.key = path("mine.key");
  options.warn = [&](const std::string& line) { warning = line; };
  const WebServer server(options);
  EXPECT_THAT(warning, testing::AllOf(StartsWith(path("old.pem") + ": expired on "), HasSubstr("will not trust it")));
}

std::unique_ptr<httplib::SSLClient> client_of(int port, const std::string& trusted) {
  auto client = std::make_unique<httplib::SSLClient>("127.0.0.1", port);
  client->set_ca_cert_path(trusted.c_str());
  client->enable_server_certificate_verification(true);
  client->set_read_timeout(30);
  return client;
}

TEST_F(Certificates, ServeThePage) {
  WebOptions options;
  options.address.port = 0;
  options.token = "a-token-that-is-long-enough";
  options.certificate = path("mine.pem");
  options.key = path("mine.key");
  WebServer server(options);
  EXPECT_EQ(server.url(), "https://127.0.0.1:" + std::to_string(server.port()) + "/");
  auto client = client_of(server.port(), path("mine.pem"));
  client->set_keep_alive(true);
  EXPECT_EQ(client->Get("/")->status, 401);
  const httplib::Headers headers = {{"Authorization", "Bearer " + options.token}};
  for (int i = 0; i < 3; ++i) EXPECT_THAT(client->Get("/", headers)->body, HasSubstr("<title>onepass</title>"));
  EXPECT_FALSE(client_of(server.port(), path("other.pem"))->Get("/", headers)) << "a certificate nobody trusts";
  const auto sink = make_web_sink(server, {});
  Frame frame;
  frame.size = {64, 48};
  sink->write(frame, {});
  std::string start;
  client->Get("/view.mjpg", headers, [&](const char* data, std::size_t size) {
    start.append(data, size);
    return start.size() < 500;  // leaves an endless answer
  });
  EXPECT_THAT(start, HasSubstr("Content-Type: image/jpeg"));
}

/// A connection without encryption.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(const std::string& text) const { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  std::string read_all() const {
    std::string all;
    for (char letter = 0; ::recv(socket_, &letter, 1, 0) == 1;) all += letter;
    return all;
  }

 private:
  int socket_;
};

TEST_F(Certificates, KeepTheLimitsOfConnections) {
  HttpLimits limits;
  limits.request_time = std::chrono::milliseconds(200);
  limits.idle_time = std::chrono::milliseconds(200);
  limits.request_bytes = 2048;
  HttpExtras extras;
  extras.tls = load_certificate(path("mine.pem"), path("mine.key"));
  const HttpListener listener(
      {"127.0.0.1", 0}, limits, [](const auto&, auto& response) { response.set_content("hello", "text/plain"); },
      extras);
  const RawClient silent(listener.port());
  EXPECT_EQ(silent.read_all(), "");
  const RawClient begins(listener.port());  // a greeting without end
  begins.send(std::string("\x16\x03\x01\x02", 4));
  begins.read_all();
  const RawClient plain(listener.port());
  plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto answer = plain.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nthis page is encrypted: use https://\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 38\r\n"));
  auto client = client_of(listener.port(), path("mine.pem"));
  EXPECT_EQ(client->Get("/", {{"X-Long", std::string(3000, 'x')}})->status, 431);
  EXPECT_EQ(client->Get("/")->body, "hello");
}

TEST_F(Certificates, EndTheirConnectionsWithTheServer) {
  HttpLimits limits;
  limits.idle_time = std::chrono::hours(1);
  limits.request_time = std::chrono::hours(1);
  HttpExtras extras;
  extras.tls = load_certificate(path("mine.pem"), path("mine.key"));
  auto listener = std::make_unique<HttpListener>(
      WebAddress{"127.0.0.1", 0}, limits,
      [](const auto&, auto& response) { response.set_content("hello", "text/plain"); }, extras);
  auto client = client_of(listener->port(), path("mine.pem"));
  client->set_keep_alive(true);
  EXPECT_EQ(client->Get("/")->body, "hello");
  const RawClient greeting(listener->port());
  greeting.send(std::string("\x16", 1));
  listener.reset();                         // although both may stay for an hour
  const auto answer = greeting.read_all();  // 503 if no worker had taken the connection yet
  EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 503")) << answer;
}

}  // namespace
}  // namespace onepass::sink
