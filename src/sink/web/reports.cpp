#include "sink/web/reports.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sink/event_json.hpp"

namespace onepass::sink {
namespace {

Json stream_json(const StreamReport& stream) {
  const auto& health = stream.health;
  Json result;
  result["name"] = health.name;
  result["camera"] = stream.camera < 0 ? Json() : Json(stream.camera);
  result["state"] = to_string(health.state);
  result["reason"] = health.reason;
  result["frames_read"] = health.frames_read;
  result["frames_tracked"] = health.frames_tracked;
  result["frames_dropped"] = health.frames_dropped;
  result["reconnects"] = health.reconnects;
  result["read_rate"] = rounded(health.read_rate, 2);
  result["tracked_rate"] = rounded(health.tracked_rate, 2);
  result["latency_ms"] = {{"median", rounded(health.latency.median_ms, 1)},
                          {"p95", rounded(health.latency.p95_ms, 1)},
                          {"max", rounded(health.latency.max_ms, 1)}};
  result["objects"] = stream.counts.objects;
  result["classes"] = Json::object();
  for (const auto& [name, count] : stream.counts.by_class) result["classes"][name] = count;
  result["identities"] = stream.counts.identities;
  result["time_s"] = rounded(stream.counts.time_s, 3);
  return result;
}

Json delivery_json(const DeliveryHealth& delivery) {
  return {{"target", delivery.target},       {"connected", delivery.connected}, {"reason", delivery.reason},
          {"delivered", delivery.delivered}, {"waiting", delivery.waiting},     {"lost", delivery.lost}};
}

std::string status_of(const Report& report) {
  const auto ended = [](const StreamReport& stream) { return stream.health.state == StreamState::ended; };
  if (!report.streams.empty() && std::ranges::all_of(report.streams, ended)) return "ended";
  const auto well = [&](const StreamReport& stream) {  // a stream that ended with a reason was given up
    return stream.health.state == StreamState::streaming || (ended(stream) && stream.health.reason.empty());
  };
  const bool delivers = std::ranges::all_of(report.deliveries, &DeliveryHealth::connected);
  return delivers && std::ranges::all_of(report.streams, well) ? "ok" : "degraded";
}

Json identity_json(const IdentityEvent& event, std::size_t camera) {
  Json result = describe(event);
  result.erase("event");
  result["camera"] = camera;
  const auto color = color_of(event.id);
  result["color"] = fmt::format("#{:02x}{:02x}{:02x}", static_cast<int>(color[2]), static_cast<int>(color[1]),
                                static_cast<int>(color[0]));
  if (!event.best_shot.empty()) {  // the number gives each better picture a new address, so that browsers load it
    result["shot"] = fmt::format("shot.jpg?camera={}&id={}&shot={}", camera, event.id, event.best_shot_number);
  }
  return result;
}

/// Escapes a label value for Prometheus text: backslash, quote and line feed; invalid UTF-8 is replaced.
std::string label_value(const std::string& text) {
  const auto quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);  // replaces invalid UTF-8
  const auto clean = Json::parse(quoted).get<std::string>();
  std::string result;
  for (const char letter : clean) {
    if (letter == '\\' || letter == '"') result += '\\';
    result += letter == '\n' ? std::string("\\n") : std::string(1, letter);
  }
  return result;
}

/// Builds Prometheus text; every metric has one line per set of labels.
class MetricText {
 public:
  void begin(const char* name, const char* type, const char* help) {
    name_ = name;
    text_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  }
  void add(const std::string& labels, double value) {
    text_ += labels.empty() ? fmt::format("{} {}\n", name_, value) : fmt::format("{}{{{}}} {}\n", name_, labels, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

/// A metric with one value per stream.
struct StreamMetric {
  const char* name;
  const char* type;
  const char* help;
  double (*value)(const StreamReport& stream);
};

constexpr std::array stream_metrics = {
    StreamMetric{"onepass_frames_read_total", "counter", "Frames that arrived.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.frames_read); }},
    StreamMetric{"onepass_frames_tracked_total", "counter", "Frames whose tracks were written.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.frames_tracked); }},
    StreamMetric{"onepass_frames_dropped_total", "counter", "Frames dropped for a newer one.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.frames_dropped); }},
    StreamMetric{"onepass_reconnects_total", "counter", "Successful reconnections of a lost stream.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.reconnects); }},
    StreamMetric{"onepass_read_frames_per_second", "gauge", "Rate at which frames arrive.",
                 [](const StreamReport& stream) { return stream.health.read_rate; }},
    StreamMetric{"onepass_tracked_frames_per_second", "gauge", "Rate at which frames are tracked.",
                 [](const StreamReport& stream) { return stream.health.tracked_rate; }},
    StreamMetric{"onepass_identities_total", "counter", "Identities that have started.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.counts.identities); }},
};

constexpr std::array stream_states = {StreamState::connecting, StreamState::streaming, StreamState::stalled,
                                      StreamState::reconnecting, StreamState::ended};

void add_stream_states(MetricText& text, const Report& report) {
  text.begin("onepass_stream_state", "gauge", "1 for the state the stream is in.");
  for (const auto& stream : report.streams) {
    for (const auto state : stream_states) {
      text.add(fmt::format(R"(camera="{}",state="{}")", label_value(stream.health.name), to_string(state)),
               stream.health.state == state ? 1 : 0);
    }
  }
}

void add_latencies(MetricText& text, const Report& report) {
  text.begin("onepass_latency_seconds", "gauge", "Time from the capture of a frame to its tracks, over recent frames.");
  for (const auto& stream : report.streams) {
    const auto camera = label_value(stream.health.name);
    const auto& latency = stream.health.latency;
    text.add(fmt::format(R"(camera="{}",quantile="0.5")", camera), latency.median_ms / 1000);
    text.add(fmt::format(R"(camera="{}",quantile="0.95")", camera), latency.p95_ms / 1000);
    text.add(fmt::format(R"(camera="{}",quantile="1")", camera), latency.max_ms / 1000);
  }
}

void add_objects(MetricText& text, const Report& report) {
  text.begin("onepass_objects", "gauge", "Objects in the newest frame, by class.");
  for (const auto& stream : report.streams) {
    for (const auto& [name, count] : stream.counts.by_class) {
      text.add(fmt::format(R"(camera="{}",class="{}")", label_value(stream.health.name), label_value(name)),
               static_cast<double>(count));
    }
  }
}

void add_deliveries(MetricText& text, const Report& report) {
  if (report.deliveries.empty()) return;
  const auto add = [&](const char* name, const char* type, const char* help, auto value) {
    text.begin(name, type, help);
    for (const auto& delivery : report.deliveries)
      text.add(fmt::format(R"(target="{}")", label_value(delivery.target)), static_cast<double>(value(delivery)));
  };
  add("onepass_delivery_connected", "gauge", "1 while the broker is connected.",
      [](const auto& d) { return d.connected; });
  add("onepass_delivery_messages_total", "counter", "Messages acknowledged.",
      [](const auto& d) { return d.delivered; });
  add("onepass_delivery_waiting_messages", "gauge", "Messages buffered.", [](const auto& d) { return d.waiting; });
  add("onepass_delivery_lost_messages_total", "counter",
      "Messages that could not be sent, or were dropped from a full buffer.", [](const auto& d) { return d.lost; });
}

}  // namespace

std::vector<StreamReport> join(const std::vector<StreamHealth>& streams,
                               const std::vector<std::shared_ptr<CameraPage>>& cameras) {
  std::vector<StreamReport> result;
  for (const auto& health : streams) result.push_back({health, -1, {}});
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    auto found = std::ranges::find_if(result, [&](const auto& s) { return s.health.name == cameras[i]->name(); });
    if (found == result.end()) {
      auto& unknown = result.emplace_back().health;  // without a health report, the stream counts as streaming
      unknown.name = cameras[i]->name();
      unknown.state = StreamState::streaming;
      found = result.end() - 1;
    }
    found->camera = static_cast<int>(i);
    found->counts = cameras[i]->counts();
    if (found->counts.ended) found->health.state = StreamState::ended;
  }
  return result;
}

std::string health_json(const Report& report) {
  Json result;
  result["status"] = status_of(report);
  result["version"] = ONEPASS_VERSION;
  result["uptime_s"] = rounded(report.uptime_s, 1);
  result["viewers"] = report.viewers;
  result["readers"] = report.readers;
  result["streams"] = Json::array();
  for (const auto& stream : report.streams) result["streams"].push_back(stream_json(stream));
  result["deliveries"] = Json::array();
  for (const auto& delivery : report.deliveries) result["deliveries"].push_back(delivery_json(delivery));
  return to_line(result);
}

std::string identities_json(const std::vector<std::shared_ptr<CameraPage>>& cameras) {
  Json result;
  result["current"] = Json::array();
  result["recent"] = Json::array();
  for (std::size_t camera = 0; camera < cameras.size(); ++camera) {
    const auto gallery = cameras[camera]->gallery();
    for (const auto& event : gallery.current) result["current"].push_back(identity_json(event, camera));
    for (const auto& event : gallery.recent) result["recent"].push_back(identity_json(event, camera));
  }
  return to_line(result);
}

std::string history_json(const History& history) {
  Json result = Json::object();
  for (const auto& [name, samples] : history.samples()) {
    auto& stream = result[name];
    for (const auto& sample : samples) {
      stream["time_ms"].push_back(sample.time_ms);
      stream["objects"].push_back(sample.objects);
      stream["median_ms"].push_back(rounded(sample.median_ms, 1));
      stream["p95_ms"].push_back(rounded(sample.p95_ms, 1));
      stream["read_rate"].push_back(rounded(sample.read_rate, 2));
      stream["tracked_rate"].push_back(rounded(sample.tracked_rate, 2));
      stream["dropped"].push_back(sample.dropped);
    }
  }
  return to_line(result);
}

std::string metrics_text(const Report& report) {
  MetricText text;
  text.begin("onepass_uptime_seconds", "gauge", "Time since the web server started.");
  text.add("", report.uptime_s);
  text.begin("onepass_viewers", "gauge", "Live views and readers of tracks.");
  text.add(R"(kind="view")", report.viewers);
  text.add(R"(kind="tracks")", report.readers);
  for (const auto& metric : stream_metrics) {
    text.begin(metric.name, metric.type, metric.help);
    for (const auto& stream : report.streams)
      text.add(fmt::format(R"(camera="{}")", label_value(stream.health.name)), metric.value(stream));
  }
  add_stream_states(text, report);
  add_latencies(text, report);
  add_objects(text, report);
  add_deliveries(text, report);
  return text.text();
}

}  // namespace onepass::sink
