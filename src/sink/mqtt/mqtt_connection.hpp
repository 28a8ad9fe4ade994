// Provides the connection to an MQTT broker: the loop of its thread, and the state shared with publishers.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_client.hpp"
#include "sink/mqtt/retained_states.hpp"
#include "sink/outbox.hpp"

namespace onepass::sink {

/// One thread calls run(); any thread may call the other functions.
class MqttConnection {
 public:
  /// @throws std::runtime_error as MqttPublisher does
  explicit MqttConnection(const MqttOptions& options);
  ~MqttConnection();
  MqttConnection(const MqttConnection&) = delete;
  MqttConnection& operator=(const MqttConnection&) = delete;

  /// Connects, sends messages and reconnects until stop() is called.
  void run();

  void publish(const std::string& topic, const std::string& message);
  void publish_state(const std::string& topic, const std::string& message);
  void publish_state_at(const std::string& whole_topic, const std::string& message);
  void own_states(const std::string& filter);
  const std::string& prefix() const { return options_.address.prefix; }
  DeliveryHealth health() const { return outbox_.health(); }

  /// Makes run() deliver the messages that it can, disconnect and return. Waits for this only a short time, because a
  /// name lookup or a connect that hangs cannot be canceled. Afterwards no more warnings are reported.
  void stop();

 private:
  bool connect();
  void set_linked(bool linked);
  void exchange();
  void announce();
  void send_waiting();
  void push(Message message);
  void send(const Message& message);
  void publish_uncounted(const std::string& topic, std::string_view message);
  void subscribe();
  void received(const std::string& topic, bool is_empty);
  void wait(std::chrono::milliseconds longest);
  void wake() const;
  void lost_connection(const std::string& why);
  void shut_down();

  const MqttOptions options_;
  const std::string status_topic_;
  int wake_up_ = -1;  ///< an eventfd
  Outbox outbox_;
  RetainedStates states_;

  // Used by the thread in run() only.
  const MqttClient client_;
  bool accepted_ = false;      ///< the broker has accepted the current connection
  bool was_accepted_ = false;  ///< it has accepted an earlier one
  bool away_ = false;          ///< an error was reported since the last accepted connection
  std::set<int> in_flight_;    ///< message ids assigned by the library

  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  ///< protects the members below
  std::condition_variable done_;
  bool linked_ = false;  ///< a broker has answered the connect
  bool ended_ = false;
};

}  // namespace onepass::sink
