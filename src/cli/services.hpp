// What a run offers over the network, made once for all its streams: a web page and events to an MQTT broker.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "onepass/identity_events.hpp"
#include "onepass/mqtt.hpp"
#include "onepass/web_server.hpp"

namespace onepass {

/// What the user asked for; an empty text asks for nothing.
struct ServiceOptions {
  std::string serve;
  std::string serve_token_file;
  std::string mqtt;
  std::string mqtt_password_file;
  std::string mqtt_ca_file;

  bool any() const { return !serve.empty() || !mqtt.empty(); }
  bool needs_images() const { return !serve.empty(); }
};

/// Adds --serve and --mqtt with their companions.
void add_service_options(CLI::App& command, ServiceOptions& options);

/// Starts and keeps what was asked for, until it is destroyed. One of it serves all streams of a run.
class Services {
 public:
  /// Says on standard error where the page is, and what becomes of the broker.
  /// @param streams how the streams are doing; asked from other threads, as long as this lives
  /// @throws UsageError for options that do not go together or cannot be read.
  /// @throws std::runtime_error naming an address that cannot be served on.
  Services(const ServiceOptions& options, std::function<std::vector<StreamHealth>()> streams);
  ~Services();

  /// Adds the sinks that hand a stream on to the services. `stream.source.name` is the name in StreamHealth.
  void add_sinks(Sinks& sinks, const StreamInfo& stream, const EventOptions& events);

 private:
  std::shared_ptr<MqttPublisher> mqtt_;
  std::unique_ptr<WebServer> web_;
};

}  // namespace onepass
