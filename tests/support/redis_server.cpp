#include "support/redis_server.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "support/wait_until.hpp"

namespace onepass::test {
namespace {

int run_and_wait(const std::vector<std::string>& command, const std::filesystem::path& log) {
  return ChildProcess(command, log).wait();
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

bool has_redis() { return ONEPASS_TEST_REDIS && std::filesystem::exists("/usr/bin/redis-server"); }

RedisServer::RedisServer(Kind kind) : kind_(kind), port_(free_port()) {
  std::string config = "bind 127.0.0.1\ndir " + folder_.path().string() + "\nsave \"\"\ndaemonize no\n";
  config += kind == Kind::tls ? "port 0\ntls-port " : "port ";
  config += std::to_string(port_) + "\n";
  if (kind == Kind::on_disk) config += "appendonly yes\nappendfsync always\n";
  if (kind == Kind::password) config += "requirepass right\n";
  if (kind == Kind::tls) {
    run_and_wait({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                  "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                  "-keyout", folder_ / "key.pem", "-out", certificate()},
                 folder_ / "log");
    config += "tls-cert-file " + certificate() + "\ntls-key-file " + (folder_ / "key.pem").string() +
              "\ntls-ca-cert-file " + certificate() + "\ntls-auth-clients no\n";
  }
  folder_.write("redis.conf", config);
  start();
}

void RedisServer::start() {
  process_.emplace(std::vector<std::string>{"redis-server", folder_ / "redis.conf"}, folder_ / "log");
  if (!wait_until([this] { return run({"PING"}).starts_with("PONG"); }))
    throw std::runtime_error("redis-server does not start");
}

RedisOptions RedisServer::options(const std::string& name) const {
  RedisOptions options;
  options.address.host = "127.0.0.1";
  options.address.port = port_;
  options.address.tls = kind_ == Kind::tls;
  options.address.name = name;
  if (kind_ == Kind::tls) options.ca_file = certificate();
  return options;
}

std::string RedisServer::run(const std::vector<std::string>& command) const {
  std::vector<std::string> words = {"redis-cli", "-h", "127.0.0.1", "-p", std::to_string(port_)};
  if (kind_ == Kind::password) words.insert(words.end(), {"--no-auth-warning", "-a", "right"});
  if (kind_ == Kind::tls) words.insert(words.end(), {"--tls", "--cacert", certificate()});
  words.insert(words.end(), command.begin(), command.end());
  const auto log = folder_ / "replies";
  std::filesystem::remove(log);
  run_and_wait(words, log);
  std::ifstream file(log);
  return {std::istreambuf_iterator<char>(file), {}};
}

Cable::Cable(int to_port) : to_port_(to_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::listen(listener_, 16) == 0 &&
                       ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!listens) throw std::runtime_error("no port is free");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Cable::~Cable() {
  stops_ = true;
  thread_.join();
  ::close(listener_);
}

void Cable::run() {
  std::map<int, int> other_end;  // of every socket
  std::array<char, 65536> bytes{};
  while (!stops_) {
    std::vector<pollfd> sockets = {{listener_, POLLIN, 0}};
    for (const auto& [socket, other] : other_end) sockets.push_back({socket, POLLIN, 0});
    ::poll(sockets.data(), sockets.size(), 10);
    if (sockets[0].revents != 0) {
      const int near = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const auto address = loopback(to_port_);
      if (::connect(far, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        other_end[near] = far;
        other_end[far] = near;
      } else {
        ::close(near);
        ::close(far);
      }
    }
    for (std::size_t i = 1; i < sockets.size(); ++i) {
      const int socket = sockets[i].fd;
      if (sockets[i].revents == 0 || !other_end.contains(socket)) continue;
      const auto count = ::recv(socket, bytes.data(), bytes.size(), 0);
      const int other = other_end.at(socket);
      if (count > 0 && is_cut_) continue;  // lost on the way
      if (count > 0 && ::send(other, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count) continue;
      ::close(socket);
      ::close(other);
      other_end.erase(socket);
      other_end.erase(other);
    }
  }
  for (const auto& [socket, other] : other_end) ::close(socket);
}

}  // namespace onepass::test
