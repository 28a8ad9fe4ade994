#include "sink/events/event_json.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "io/base64.hpp"
#include "sink/video/jpeg.hpp"

namespace onepass {
namespace {

constexpr int best_shot_quality = 80;  // JPEG quality in percent

}  // namespace

sink::Json sink::describe(const IdentityEvent& event) {
  if (!sink::is_finite(event.box, event.score))
    throw std::runtime_error(fmt::format("{}: identity {} has a value that is not finite", event.source, event.id));
  sink::Json line;
  line["event"] = to_string(event.kind);
  line["source"] = event.source;
  line["id"] = event.id;
  line["class"] = event.class_id;
  line["class_name"] = event.class_name.empty() ? sink::Json() : sink::Json(event.class_name);
  line["box"] = sink::box_json(event.box);
  line["score"] = sink::rounded(event.score, 4);
  line["time"] = sink::rounded(event.time.count(), 6);
  line["first_time"] = sink::rounded(event.first_time.count(), 6);
  line["last_time"] = sink::rounded(event.last_time.count(), 6);
  line["duration"] = sink::rounded((event.last_time - event.first_time).count(), 6);
  if (event.captured != std::chrono::system_clock::time_point{}) {
    line["wall"] = sink::utc_text(event.captured);
    line["first_wall"] = sink::utc_text(event.first_captured);
    line["last_wall"] = sink::utc_text(event.last_captured);
  }
  return line;
}

std::string to_json(const IdentityEvent& event) {
  auto line = sink::describe(event);
  const bool shows = event.best_shot_is_new || event.kind == IdentityEventKind::ended;
  if (shows && !event.best_shot.empty())
    line["best_shot"] = "data:image/jpeg;base64," + io::to_base64(sink::to_jpeg(event.best_shot, best_shot_quality));
  return sink::to_line(line);
}

std::string to_json(const ZoneEvent& event) {
  if (!sink::is_finite(event.box, 0))
    throw std::runtime_error(fmt::format("{}: identity {} has a value that is not finite", event.source, event.id));
  sink::Json line;
  line["event"] = to_string(event.kind);
  line["source"] = event.source;
  line["zone"] = event.zone;
  if (event.kind == ZoneEventKind::crossed) {
    line["direction"] = event.direction;
    line["again"] = event.again;
  }
  line["seen"] = event.seen;
  line["id"] = event.id;
  line["class"] = event.class_id;
  line["class_name"] = event.class_name.empty() ? sink::Json() : sink::Json(event.class_name);
  line["box"] = sink::box_json(event.box);
  line["time"] = sink::rounded(event.time.count(), 6);
  if (event.kind == ZoneEventKind::left || event.kind == ZoneEventKind::alone)
    line["duration"] = sink::rounded(event.duration_s, 3);
  if (event.captured != std::chrono::system_clock::time_point{}) line["wall"] = sink::utc_text(event.captured);
  return sink::to_line(line);
}

const char* to_string(IdentityEventKind kind) {
  switch (kind) {
    case IdentityEventKind::started:
      return "new";
    case IdentityEventKind::updated:
      return "update";
    case IdentityEventKind::ended:
      return "end";
  }
  return "";
}

}  // namespace onepass
