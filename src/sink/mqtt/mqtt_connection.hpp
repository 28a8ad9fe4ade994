// Provides the connection to an MQTT broker: the loop of its thread, and the state shared with publishers.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "onepass/mqtt.hpp"
#include "sink/message_queue.hpp"
#include "sink/mqtt/mqtt_client.hpp"

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
  DeliveryHealth health() const;

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
  void publish_status(std::string_view status);
  void repeat_states();
  void subscribe();
  void received(const std::string& topic, bool is_empty);
  void wait(std::chrono::milliseconds longest);
  void wake() const;
  void lost_connection(const std::string& why);
  void warn(const std::string& line);
  void shut_down();

  const MqttOptions options_;
  const std::string target_;
  const std::string status_topic_;
  int wake_up_ = -1;  ///< an eventfd

  // Used by the thread in run() only.
  const MqttClient client_;
  bool accepted_ = false;                  ///< the broker has accepted the current connection
  bool was_accepted_ = false;              ///< it has accepted an earlier one
  std::set<std::string> reported_errors_;  ///< errors reported since the last accepted connection

  std::atomic<bool> stopping_ = false;
  std::mutex warning_mutex_;
  bool muted_ = false;  ///< no more warnings; protected by warning_mutex_

  mutable std::mutex mutex_;  ///< protects the members below
  std::condition_variable done_;
  MessageQueue waiting_;
  std::map<std::string, std::string> states_;  ///< the newest message of every state's topic
  std::set<std::string> owned_;                ///< filters of topics with no states of others
  bool has_new_filter_ = false;
  std::set<int> in_flight_;  ///< message ids assigned by the library
  std::int64_t delivered_ = 0;
  bool connected_ = false;
  std::string reason_ = "not connected yet";
  bool linked_ = false;  ///< a broker has answered the connect
  bool ended_ = false;
};

}  // namespace onepass::sink
