#include "sink/web/report/metrics.hpp"

#include <array>

#include <fmt/format.h>

#include "core/printable.hpp"

namespace onepass::sink {
namespace {

/// Escapes a label value for Prometheus text.
std::string label_value(const std::string& text) {
  std::string result;
  for (const char letter : printable(text)) {  // without line feeds
    if (letter == '\\' || letter == '"') result += '\\';
    result += letter;
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
    StreamMetric{"onepass_frames_dropped_total", "counter", "Frames dropped for a newer one, or at the end.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.frames_dropped); }},
    StreamMetric{"onepass_frames_concealed_total", "counter",
                 "Frames with damaged parts, which the decoder has replaced.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.errors.concealed); }},
    StreamMetric{"onepass_frames_undecodable_total", "counter", "Frames that could not be decoded.",
                 [](const StreamReport& stream) { return static_cast<double>(stream.health.errors.undecodable); }},
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

/// Calls `add(labels, zone, counts)` for every zone of a shape.
template <typename Add>
void for_zones(const Report& report, ZoneShape shape, Add add) {
  for (const auto& stream : report.streams) {
    for (const auto& [zone, counts] : stream.counts.zones) {
      if (zone.shape == shape)
        add(fmt::format(R"(camera="{}",zone="{}")", label_value(stream.health.name), label_value(zone.name)), zone,
            counts);
    }
  }
}

void add_lines(MetricText& text, const Report& report) {
  const auto add = [&](const char* name, const char* help, auto values) {
    text.begin(name, "counter", help);
    for_zones(report, ZoneShape::line, [&](const std::string& labels, const Zone& zone, const ZoneCounts& counts) {
      for (std::size_t i = 0; i < 2; ++i)
        text.add(fmt::format(R"({},direction="{}")", labels, label_value(zone.directions[i])),
                 static_cast<double>((counts.*values)[i]));
    });
  };
  add("onepass_zone_crossings_total", "Identities that crossed the line in a direction, each counted once.",
      &ZoneCounts::identities);
  add("onepass_zone_passages_total", "Crossings of the line in a direction.", &ZoneCounts::passages);
}

void add_polygons(MetricText& text, const Report& report) {
  const auto add = [&](const char* name, const char* type, const char* help, auto value) {
    text.begin(name, type, help);
    for_zones(report, ZoneShape::polygon, [&](const std::string& labels, const Zone&, const ZoneCounts& counts) {
      text.add(labels, static_cast<double>(value(counts)));
    });
  };
  add("onepass_zone_occupancy", "gauge", "Identities inside the polygon.", [](const auto& c) { return c.occupancy; });
  add("onepass_zone_entries_total", "counter", "Entries into the polygon.", [](const auto& c) { return c.entries; });
  add("onepass_zone_exits_total", "counter", "Exits from the polygon.", [](const auto& c) { return c.exits; });
  add("onepass_zone_dwell_seconds_total", "counter", "Time spent in the polygon, summed over all exits.",
      [](const auto& c) { return c.dwell_s; });
  add("onepass_zone_alone", "gauge", "1 while one identity has been alone in the polygon for too long.",
      [](const auto& c) { return c.alone; });
}

void add_zones(MetricText& text, const Report& report) {
  const auto has = [&](ZoneShape shape) {
    bool any = false;
    for_zones(report, shape, [&](const auto&, const auto&, const auto&) { any = true; });
    return any;
  };
  if (has(ZoneShape::line)) add_lines(text, report);
  if (has(ZoneShape::polygon)) add_polygons(text, report);
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
  add_zones(text, report);
  add_deliveries(text, report);
  return text.text();
}

}  // namespace onepass::sink
