// Provides the network services of a run, shared by all its streams: a web page, and events and tracks to brokers.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/store/brokers.hpp"
#include "cli/track/counting_plan.hpp"
#include "onepass/identity_events.hpp"
#include "onepass/mqtt.hpp"
#include "onepass/web_server.hpp"

namespace onepass::cli {

/// The requested services; an empty string means not requested.
struct ServiceOptions {
  std::string serve;
  std::string serve_token_file;
  std::string serve_editor_token_file;
  std::string serve_certificate;
  std::string serve_key;
  std::string mqtt;
  std::string mqtt_password_file;
  std::string mqtt_ca_file;
  std::string mqtt_certificate_file;
  std::string mqtt_key_file;
  std::string mqtt_discovery;  ///< prefix of Home Assistant's topics
  std::string events;          ///< address of Redis or Kafka that --events was given
  std::string tracks;          ///< the same of --save-jsonl
  BrokerOptions brokers;

  bool any() const { return !(serve + mqtt + events + tracks).empty(); }
  bool needs_images() const { return !serve.empty(); }

  /// Editors may begin without a file of zones.
  ZoneStore::Missing missing_zones() const {
    return serve_editor_token_file.empty() ? ZoneStore::Missing::error : ZoneStore::Missing::empty;
  }
};

/// Adds --serve, --mqtt and their related options.
void add_service_options(CLI::App& command, ServiceOptions& options);

/// Runs the requested services until it is destroyed. One object serves all streams of a run.
class Services {
 public:
  /// Prints the URL of the page, and warnings about the broker connection, to standard error.
  /// @param streams returns the health of the streams; called from other threads during the lifetime of this object
  /// @param deliveries the same for deliveries of others
  /// @throws UsageError for options that cannot be parsed or combined.
  /// @throws std::runtime_error naming the address if the server cannot listen on it.
  /// @param counting its zones can be changed on the page; it must outlive this object
  Services(const ServiceOptions& options, std::function<std::vector<StreamHealth>()> streams,
           std::function<std::vector<DeliveryHealth>()> deliveries, CountingPlan& counting);
  ~Services();

  /// Adds the sinks that pass a stream to the services. `stream.source.name` must equal its name in StreamHealth.
  /// @param identities what the page tells of them; its end_after_s is that of the events
  void add_sinks(Sinks& sinks, const StreamInfo& stream, const EventOptions& events, WebIdentities identities);

 private:
  Publishers publishers_;
  std::shared_ptr<Publisher> events_;
  std::shared_ptr<Publisher> tracks_;
  std::shared_ptr<MqttPublisher> mqtt_;
  std::string mqtt_discovery_;
  bool edits_zones_ = false;
  std::unique_ptr<WebServer> web_;
};

}  // namespace onepass::cli
