// A real Redis server that a test starts, kills and restarts, and a way to it that can be cut.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "onepass/redis.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {

/// True if redis-server is installed and this build has Redis. Tests without it are skipped, with this reason.
bool has_redis();
inline constexpr const char* no_redis = "redis-server or libhiredis-dev is missing";

/// A server on a free port; it keeps port and files when it is restarted.
class RedisServer {
 public:
  /// on_disk: appendonly, and every command is on disk before its reply; password: user default, password "right"
  enum class Kind { in_memory, on_disk, password, tls };

  explicit RedisServer(Kind kind = Kind::in_memory);

  /// Starts the server and waits until it answers.
  void start();
  void kill() { process_.reset(); }

  int port() const { return port_; }
  std::string certificate() const { return folder_ / "certificate.pem"; }

  /// Access to a site or stream, without a password.
  RedisOptions options(const std::string& name) const;

  /// Runs a command with redis-cli and returns its output.
  std::string run(const std::vector<std::string>& command) const;

 private:
  TemporaryFolder folder_;
  Kind kind_;
  int port_;
  std::optional<ChildProcess> process_;
};

/// Forwards connections to a port of this machine, until it is cut: then bytes vanish, and nothing is closed.
class Cable {
 public:
  explicit Cable(int to_port);
  ~Cable();
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  int port() const { return port_; }
  void cut() { is_cut_ = true; }
  void mend() { is_cut_ = false; }

 private:
  void run();

  int to_port_;
  int port_ = 0;
  int listener_ = -1;
  std::atomic<bool> is_cut_ = false;
  std::atomic<bool> stops_ = false;
  std::thread thread_;
};

}  // namespace onepass::test
