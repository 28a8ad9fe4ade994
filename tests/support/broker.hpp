// A real MQTT broker (mosquitto) and a subscriber that collects its messages.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

struct mosquitto;

namespace onepass::test {

/// A broker on a free port; it keeps the port when it is restarted.
class Broker {
 public:
  /// password: user "camera", password "right"; client_certificate: TLS, and clients need a certificate
  enum class Guard { open, password, tls, client_certificate };

  explicit Broker(Guard guard = Guard::open);

  void start();
  void kill() { process_.reset(); }

  int port() const { return port_; }
  std::string certificate() const { return folder_ / "certificate.pem"; }
  std::string key() const { return folder_ / "key.pem"; }  ///< of the certificate; a client may use both too

 private:
  TemporaryFolder folder_;
  int port_;
  std::optional<ChildProcess> process_;
};

/// Subscribes to all topics, in a thread of the library. The broker must be running.
class Subscriber {
 public:
  explicit Subscriber(int port);
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  /// Messages of this topic, in order.
  std::vector<std::string> messages(const std::string& topic);

 private:
  struct Message {
    std::string topic;
    std::string payload;
  };

  mosquitto* client_;
  std::atomic<bool> subscribed_ = false;
  std::mutex mutex_;
  std::vector<Message> messages_;
};

}  // namespace onepass::test
