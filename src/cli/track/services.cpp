#include "cli/track/services.hpp"

#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "cli/errors.hpp"
#include "cli/progress.hpp"

namespace onepass::cli {
namespace {

MqttOptions mqtt_options(const ServiceOptions& options) {
  MqttOptions mqtt;
  mqtt.address = read_option("--mqtt", [&] { return parse_mqtt_address(options.mqtt); });
  mqtt.password = read_option("--mqtt-password-file",
                              [&] { return read_password(options.mqtt_password_file, "ONEPASS_MQTT_PASSWORD"); });
  mqtt.ca_file = options.mqtt_ca_file;
  mqtt.certificate_file = options.mqtt_certificate_file;
  mqtt.key_file = options.mqtt_key_file;
  if (!mqtt.ca_file.empty() && !mqtt.address.tls) throw UsageError("--mqtt-ca-file requires mqtts://, not mqtt://");
  if (!mqtt.certificate_file.empty() && !mqtt.address.tls)
    throw UsageError("--mqtt-certificate-file requires mqtts://, not mqtt://");
  if (mqtt.address.user.empty() && !options.mqtt_password_file.empty())
    throw UsageError("--mqtt-password-file needs a user: --mqtt mqtt://USER@host");
  mqtt.warn = print_warning;
  return mqtt;
}

WebOptions web_options(const ServiceOptions& options) {
  WebOptions web;
  web.address = read_option("--serve", [&] { return parse_web_address(options.serve); });
  if (!options.serve_token_file.empty())
    web.token = read_option("--serve-token-file", [&] { return read_web_token(options.serve_token_file); });
  if (web.token.empty() && !web.address.is_loopback())
    throw UsageError("--serve " + options.serve + ": serving to other machines requires --serve-token-file FILE");
  if (!options.serve_editor_token_file.empty())
    web.editor_token =
        read_option("--serve-editor-token-file", [&] { return read_web_token(options.serve_editor_token_file); });
  if (!web.editor_token.empty() && web.editor_token == web.token)
    throw UsageError("--serve-editor-token-file: the token must differ from that of --serve-token-file");
  web.certificate = options.serve_certificate;
  web.key = options.serve_key;
  web.warn = print_warning;
  return web;
}

/// Where the page saves the zones that its editors draw.
ZoneEditing zone_editing(CountingPlan& counting) {
  return {[&counting] { return counting.read(); },
          [&counting](const std::vector<Zone>& zones, const std::string& revision) {
            auto stored = counting.change(zones, revision);
            print_line(fmt::format("onepass: {}: saved {} zones of the page", counting.zones_file().string(),
                                   stored.zones.size()));
            return stored;
          }};
}

void check_serving(const ServiceOptions& options, bool has_zones) {
  const auto needs_serve = [&](const std::string& given, const char* flag) {
    if (options.serve.empty() && !given.empty())
      throw UsageError(fmt::format("{} has no effect without --serve", flag));
  };
  needs_serve(options.serve_token_file, "--serve-token-file");
  needs_serve(options.serve_editor_token_file, "--serve-editor-token-file");
  needs_serve(options.serve_certificate, "--serve-certificate");
  needs_serve(options.serve_key, "--serve-key");
  if (options.serve_certificate.empty() != options.serve_key.empty())
    throw UsageError("--serve-certificate and --serve-key must be given together");
  if (!options.serve_editor_token_file.empty() && !has_zones)
    throw UsageError("--serve-editor-token-file has no effect without --zones FILE, where the zones are saved");
}

void check(const ServiceOptions& options) {
  const auto needs_mqtt = [&](const std::string& given, const char* flag) {
    if (options.mqtt.empty() && !given.empty()) throw UsageError(fmt::format("{} has no effect without --mqtt", flag));
  };
  needs_mqtt(options.mqtt_password_file, "--mqtt-password-file");
  needs_mqtt(options.mqtt_ca_file, "--mqtt-ca-file");
  needs_mqtt(options.mqtt_certificate_file, "--mqtt-certificate-file");
  needs_mqtt(options.mqtt_key_file, "--mqtt-key-file");
  if (options.mqtt_certificate_file.empty() != options.mqtt_key_file.empty())
    throw UsageError("--mqtt-certificate-file and --mqtt-key-file must be given together");
  if (options.mqtt.empty() && !options.mqtt_discovery.empty())
    throw UsageError("--mqtt-discovery has no effect without --mqtt");
  if (options.mqtt_discovery.find_first_of("+# ") != std::string::npos)
    throw UsageError("--mqtt-discovery: '" + options.mqtt_discovery + "' cannot begin a topic; use homeassistant");
}

void add_editor_options(CLI::App& command, ServiceOptions& options) {
  constexpr const char* group = "Services";
  command
      .add_option("--serve-editor-token-file", options.serve_editor_token_file,
                  "File with the access token of editors, who can draw the zones of --zones on the page")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--serve-certificate", options.serve_certificate,
                  "Serve the page over HTTPS with this certificate (PEM, followed by those of its issuers)")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--serve-key", options.serve_key, "Private key of --serve-certificate (PEM, without passphrase)")
      ->type_name("FILE")
      ->group(group);
}

}  // namespace

void add_service_options(CLI::App& command, ServiceOptions& options) {
  constexpr const char* group = "Services";
  command.add_option("--serve", options.serve, "Serve a web page with live views, charts and health during the run")
      ->type_name("[HOST:]PORT")
      ->group(group);
  command
      .add_option("--serve-token-file", options.serve_token_file,
                  "File with the access token of the web page; required to serve other machines")
      ->type_name("FILE")
      ->group(group);
  add_editor_options(command, options);
  command
      .add_option("--mqtt", options.mqtt,
                  "Publish events and counts: mqtt://[user@]host[:port][/prefix]; mqtts:// for TLS")
      ->type_name("URL")
      ->group(group);
  command
      .add_option("--mqtt-password-file", options.mqtt_password_file,
                  "File with the broker's password; alternatively, set ONEPASS_MQTT_PASSWORD")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--mqtt-ca-file", options.mqtt_ca_file,
                  "Trusted CA certificates for mqtts:// (PEM; default: the system's)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--mqtt-discovery", options.mqtt_discovery,
                  "Announce cameras, counts and zones to Home Assistant, below this topic: homeassistant")
      ->type_name("PREFIX")
      ->group(group);
  command
      .add_option("--mqtt-certificate-file", options.mqtt_certificate_file,
                  "Certificate of this client, for brokers that require one (PEM)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--mqtt-key-file", options.mqtt_key_file,
                  "Private key of --mqtt-certificate-file (PEM, without passphrase)")
      ->type_name("FILE")
      ->group(group);
  add_broker_options(command, options.brokers);
}

Services::Services(const ServiceOptions& options, std::function<std::vector<StreamHealth>()> streams,
                   std::function<std::vector<DeliveryHealth>()> deliveries, CountingPlan& counting)
    : publishers_(options.brokers) {
  check_serving(options, counting.has_zones_file());
  check(options);
  std::optional<WebOptions> web;
  if (!options.serve.empty()) web = web_options(options);  // report invalid options before anything is started
  mqtt_discovery_ = options.mqtt_discovery;
  if (!options.mqtt.empty()) mqtt_ = std::make_shared<MqttPublisher>(mqtt_options(options));
  events_ = publishers_.to("--events", options.events);
  tracks_ = publishers_.to("--save-jsonl", options.tracks);
  if (!web) return;
  web->streams = std::move(streams);
  if (!web->editor_token.empty()) web->zones = zone_editing(counting);
  edits_zones_ = !web->editor_token.empty();
  web->deliveries = [this, others = std::move(deliveries)] {
    auto all = publishers_.health();
    if (mqtt_) all.push_back(mqtt_->health());
    const auto more = others();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  web_ = std::make_unique<WebServer>(*std::move(web));
  std::cerr << "onepass: watch at " << web_->url() << "\n";
}

Services::~Services() = default;

void Services::add_sinks(Sinks& sinks, const StreamInfo& stream, const EventOptions& events, WebIdentities identities) {
  if (mqtt_) {
    sinks.push_back(make_mqtt_sink(mqtt_, stream, events));
    if (!stream.counting.zones.empty() || !mqtt_discovery_.empty() || edits_zones_)
      sinks.push_back(make_mqtt_state_sink(mqtt_, stream, mqtt_discovery_));
  }
  if (events_) sinks.push_back(make_published_events_sink(events_, stream, events));
  if (tracks_) sinks.push_back(make_published_frames_sink(tracks_, stream));
  identities.end_after_s = events.end_after_s;
  if (web_) sinks.push_back(make_web_sink(*web_, stream, identities));
}

}  // namespace onepass::cli
