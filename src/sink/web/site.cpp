#include "sink/web/site.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "sink/web/live_streams.hpp"
#include "sink/web/report/identity_report.hpp"
#include "sink/web/report/metrics.hpp"
#include "sink/web/report/zone_json.hpp"
#include "sink/web/web_files.hpp"

namespace onepass::sink {
namespace {

/// Parses a text that consists of an integer only.
std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

const char* content_type_of(std::string_view file) {
  if (file.ends_with(".css")) return "text/css; charset=utf-8";
  if (file.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "text/html; charset=utf-8";
}

/// Sets headers so that the page loads nothing from other servers, foreign sites cannot read or frame it, and browsers
/// do not cache it.
void add_protection(httplib::Response& response) {
  response.set_header("Content-Security-Policy",
                      "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'self'; base-uri 'none'; "
                      "form-action 'none'");
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Cross-Origin-Resource-Policy", "same-origin");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cache-Control", "no-store");
}

void send_json(httplib::Response& response, const std::string& text) { response.set_content(text, "application/json"); }

/// The camera that the request names; null if there is none of this number.
std::shared_ptr<CameraPage> camera_of(const httplib::Request& request, const Hub& hub) {
  const auto number = number_in(request.get_param_value("camera"));
  const auto cameras = hub.cameras();
  if (!number || *number < 0 || *number >= static_cast<std::int64_t>(cameras.size())) return nullptr;
  return cameras[static_cast<std::size_t>(*number)];
}

/// The picture that the request names; empty if there is none.
std::vector<unsigned char> picture_of(const httplib::Request& request, CameraPage& camera) {
  const auto number = [&](const char* name) { return number_in(request.get_param_value(name)).value_or(-1); };
  if (request.path == "/shot.jpg") return camera.best_shot(number("id"));
  if (request.path == "/heat.jpg") return camera.heat_map();
  if (request.path == "/picture.jpg") return camera.picture_without_zones();
  const auto view =
      number("view") < 0 ? nullptr : camera.view(number("visit"), static_cast<std::size_t>(number("view")));
  return view ? *view : std::vector<unsigned char>();
}

/// Throws if a zone in pixels reaches out of the first picture of one of its cameras.
void check_sizes(const std::vector<Zone>& zones, const Hub& hub) {
  for (const auto& camera : hub.cameras()) {
    const auto problem = size_problem(zones_of(camera->name(), zones), camera->first_size());
    if (!problem.empty() && !camera->first_size().empty()) throw std::invalid_argument(problem);
  }
}

}  // namespace

Site::Site(WebOptions options, std::shared_ptr<Hub> hub)
    : options_(std::move(options)), hub_(std::move(hub)), doorman_(options_) {}

/// Returns whether there is something to change at this address. All else is only read.
bool Site::can_change(const httplib::Request& request) const {
  return request.method == "PUT" && request.path == "/api/zones" && options_.zones && !options_.editor_token.empty();
}

std::size_t Site::body_limit(const httplib::Request& request) const {
  return can_change(request) && doorman_.would_admit_change(request) ? most_zone_bytes : 0;
}

void Site::answer(const httplib::Request& request, httplib::Response& response) {
  add_protection(response);
  if (can_change(request)) {
    if (doorman_.admits_change(request, response)) change_zones(request, response);
    return;
  }
  if (!doorman_.admits(request, response)) return;
  if (request.method == "GET" || request.method == "HEAD") return answer_read(request, response);
  response.set_header("Allow", "GET, HEAD");
  fail(response, 405, "only GET and HEAD are supported");
}

void Site::answer_read(const httplib::Request& request, httplib::Response& response) {
  const auto& path = request.path;
  const auto file = web_files().find(path == "/" ? "page.html" : std::string_view(path).substr(path.empty() ? 0 : 1));
  if (file != web_files().end())
    return response.set_content(file->second.data(), file->second.size(), content_type_of(file->first));
  if (path == "/view.mjpg") return answer_view(request, response);
  if (answer_picture(request, response) || answer_data(request, response)) return;
  fail(response, 404, "no such page; see /");
}

bool Site::answer_picture(const httplib::Request& request, httplib::Response& response) const {
  static constexpr std::array<std::string_view, 4> pictures = {"/shot.jpg", "/view.jpg", "/heat.jpg", "/picture.jpg"};
  if (std::ranges::find(pictures, std::string_view(request.path)) == pictures.end()) return false;
  const auto camera = camera_of(request, *hub_);
  const auto jpeg = camera ? picture_of(request, *camera) : std::vector<unsigned char>();
  if (jpeg.empty()) {
    fail(response, 404, camera ? "there is no such picture" : "no such camera");
  } else {
    response.set_content(reinterpret_cast<const char*>(jpeg.data()), jpeg.size(), "image/jpeg");
  }
  return true;
}

void Site::answer_identity(const httplib::Request& request, httplib::Response& response) const {
  const auto camera = number_in(request.get_param_value("camera"));
  const auto id = number_in(request.get_param_value("id"));
  const auto cameras = hub_->cameras();
  std::string page;
  if (camera && id && *camera >= 0 && *camera < static_cast<std::int64_t>(cameras.size()))
    page = identity_json(cameras, static_cast<std::size_t>(*camera), *id);
  page.empty() ? fail(response, 404, "no such identity") : send_json(response, page);
}

bool Site::answer_data(const httplib::Request& request, httplib::Response& response) {
  const auto& path = request.path;
  if (path == "/api/tracks") {
    answer_tracks(response);
  } else if (path == "/api/health") {
    send_json(response, health_json(report()));
  } else if (path == "/api/identities") {
    send_json(response, identities_json(hub_->cameras()));
  } else if (path == "/api/identity") {
    answer_identity(request, response);
  } else if (path == "/api/history") {
    send_json(response, history_json(history_));
  } else if (path == "/api/zones") {
    answer_zones(request, response);
  } else if (path == "/metrics") {
    response.set_content(metrics_text(report()), "text/plain; version=0.0.4; charset=utf-8");
  } else {
    return false;
  }
  return true;
}

void Site::answer_view(const httplib::Request& request, httplib::Response& response) {
  const auto known = static_cast<std::int64_t>(hub_->cameras().size());
  std::vector<std::size_t> cameras;
  for (std::size_t i = 0; i < request.get_param_value_count("camera"); ++i) {
    const auto camera = number_in(request.get_param_value("camera", i));
    if (!camera || *camera < 0 || *camera >= known) return fail(response, 404, "no such camera");
    cameras.push_back(static_cast<std::size_t>(*camera));
  }
  auto slot = std::make_shared<ViewerSlot>(hub_->view_readers, options_.max_viewers);
  if (!slot->granted())
    return fail(response, 503, fmt::format("all views are in use (limit: {})", options_.max_viewers));
  if (request.method == "GET") stream_pictures(response, hub_, std::move(cameras), std::move(slot));
}

void Site::answer_tracks(httplib::Response& response) {
  auto slot = std::make_shared<ViewerSlot>(hub_->line_readers, options_.max_viewers);
  if (!slot->granted()) return fail(response, 503, fmt::format("too many readers (limit: {})", options_.max_viewers));
  stream_lines(response, hub_, std::move(slot));
}

void Site::answer_zones(const httplib::Request& request, httplib::Response& response) const {
  if (!options_.zones || options_.editor_token.empty()) return fail(response, 404, "zones cannot be drawn in this run");
  try {
    const ZoneDesk desk{options_.zones->read(), doorman_.role_of(request) == Role::editor};
    send_json(response, zones_json(desk, hub_->cameras()));
  } catch (const std::exception& error) {
    fail(response, 500, error.what());
  }
}

void Site::change_zones(const httplib::Request& request, httplib::Response& response) {
  const auto size = number_in(request.get_header_value("Content-Length"));
  if (!size) return fail(response, 411, "the size of the zones is missing (Content-Length)");
  if (*size > static_cast<std::int64_t>(most_zone_bytes))
    return fail(response, 413, fmt::format("the zones are too large (limit: {} bytes)", most_zone_bytes));
  const auto refuse = [&](int status, const std::exception& error) {
    options_.warn(fmt::format("the zones of the page were not saved: {}", printable(error.what())));
    fail(response, status, error.what());
  };
  try {
    const auto given = zones_from_json(request.body);
    check_sizes(given.zones, *hub_);
    const ZoneDesk desk{options_.zones->save(given.zones, given.revision), true};
    send_json(response, zones_json(desk, hub_->cameras()));
  } catch (const std::invalid_argument& error) {
    refuse(422, error);
  } catch (const ZonesChanged& error) {
    refuse(409, error);
  } catch (const std::exception& error) {
    refuse(500, error);
  }
}

Report Site::report() const {
  Report report;
  report.streams = join(options_.streams(), hub_->cameras());
  report.deliveries = options_.deliveries();
  report.viewers = hub_->view_readers;
  report.readers = hub_->line_readers;
  report.uptime_s = std::chrono::duration<double>(Clock::now() - start_).count();
  return report;
}

void Site::sample() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  for (const auto& stream : report().streams)
    history_.add(stream.health, stream.counts.objects, time_ms, occupancy_of(stream.counts));
}

}  // namespace onepass::sink
