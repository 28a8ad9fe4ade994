// The thread that talks to an MQTT broker, and what it shares with those who have something to say.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "onepass/mqtt.hpp"
#include "sink/mqtt/mqtt_queue.hpp"

struct mosquitto;

namespace onepass {

/// One thread is in run(); any thread may call the rest.
class MqttConnection {
 public:
  /// @throws std::runtime_error as MqttPublisher does
  explicit MqttConnection(const MqttOptions& options);
  ~MqttConnection();
  MqttConnection(const MqttConnection&) = delete;
  MqttConnection& operator=(const MqttConnection&) = delete;

  /// Connects, sends, connects again; until stop().
  void run();

  void publish(const std::string& topic, const std::string& message);
  DeliveryHealth health() const;

  /// Ends run(), which delivers what it can and takes leave, and waits for that, but not for long: a look-up of a name
  /// or a connect that hangs cannot be called off. Nothing is told any more after it.
  void stop();

 private:
  void set_up();
  bool connect();
  void set_linked(bool linked);
  void exchange();
  void announce();
  void send_waiting();
  void send(const MqttMessage& message, bool retained);
  void wait(std::chrono::milliseconds longest);
  void wake() const;
  void lost_connection(const std::string& why);
  void tell(const std::string& line);
  void say_farewell();

  const MqttOptions options_;
  const std::string target_;
  const std::string status_topic_;
  int wake_up_ = -1;  ///< an eventfd

  // Of the thread in run().
  mosquitto* client_ = nullptr;
  bool accepted_ = false;       ///< by the broker, since the last connect
  std::set<std::string> told_;  ///< what went wrong since it was connected

  std::atomic<bool> stopping_ = false;
  std::mutex telling_;
  bool silent_ = false;  ///< under telling_

  mutable std::mutex mutex_;  ///< of what follows
  std::condition_variable done_;
  MqttQueue waiting_;
  std::set<int> in_flight_;  ///< numbers that the library gave
  std::int64_t delivered_ = 0;
  bool connected_ = false;
  std::string reason_ = "not connected yet";
  bool linked_ = false;  ///< a broker has answered the connect
  bool ended_ = false;
};

}  // namespace onepass
