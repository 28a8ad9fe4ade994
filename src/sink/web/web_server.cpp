#include "onepass/web_server.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "onepass/setting_error.hpp"
#include "sink/web/access.hpp"
#include "sink/web/history.hpp"
#include "sink/web/http_listener.hpp"
#include "sink/web/hub.hpp"
#include "sink/web/live_streams.hpp"
#include "sink/web/metrics.hpp"
#include "sink/web/reports.hpp"
#include "sink/web/web_files.hpp"

namespace onepass {
namespace {

using Clock = std::chrono::steady_clock;

/// Parses a text that consists of an integer only.
std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

void fail(httplib::Response& response, int status, const std::string& line) {
  response.status = status;
  response.set_content(line + "\n", "text/plain; charset=utf-8");
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

}  // namespace

struct WebServer::State {
  explicit State(WebOptions given)
      : options(std::move(given)),
        hub(std::make_shared<sink::Hub>(sink::ViewLimits{options.max_view_rate, options.max_view_size})),
        listener(options.address, {}, [this](const auto& request, auto& response) { answer(request, response); }),
        sampler([this] { sample_history(); }) {}

  ~State() {
    hub->stop();
    sampler.join();
  }

  void answer(const httplib::Request& request, httplib::Response& response);
  bool admits(const httplib::Request& request, httplib::Response& response);
  void answer_view(const httplib::Request& request, httplib::Response& response);
  void answer_shot(const httplib::Request& request, httplib::Response& response) const;
  void answer_heat(const httplib::Request& request, httplib::Response& response) const;
  void answer_tracks(httplib::Response& response);
  sink::Report report() const;
  void sample_history();

  const WebOptions options;
  const Clock::time_point start = Clock::now();
  const std::shared_ptr<sink::Hub> hub;
  sink::History history;
  sink::GuessLimit guesses;
  sink::HttpListener listener;
  std::thread sampler;
};

bool WebServer::State::admits(const httplib::Request& request, httplib::Response& response) {
  if (sink::is_from_other_site(request.get_header_value("Sec-Fetch-Site"),
                               request.get_header_value("Sec-Fetch-Mode"))) {
    fail(response, 403, "pages of other sites may not use this one");
    return false;
  }
  const auto& client = request.remote_addr;
  const auto authorization = request.get_header_value("Authorization");
  // Through a proxy, the guesses of one would lock out everybody.
  const bool locked_out = !sink::may_be_proxy(client) && guesses.is_locked_out(client, Clock::now());
  if (locked_out) {
    response.set_header("Retry-After", std::to_string(sink::GuessLimit::period.count()));
    fail(response, 429, "too many wrong tokens; try again in a minute");
    return false;
  }
  if (!options.token.empty() && !sink::is_authorized(authorization, options.token)) {
    if (!authorization.empty()) guesses.count_wrong(client, Clock::now());
    response.set_header("WWW-Authenticate", "Basic realm=\"onepass: any name, the token as password\"");
    fail(response, 401, "a token is required: send it as a bearer token, or as the password of basic authentication");
    return false;
  }
  if (options.token.empty() && !sink::is_known_host(request.get_header_value("Host"), options.address)) {
    fail(response, 403, "unknown host name; use the IP address, or serve with a token");
    return false;
  }
  if (request.method != "GET" && request.method != "HEAD") {
    response.set_header("Allow", "GET, HEAD");
    fail(response, 405, "only GET and HEAD are supported");
    return false;
  }
  return true;
}

void WebServer::State::answer(const httplib::Request& request, httplib::Response& response) {
  add_protection(response);
  if (!admits(request, response)) return;
  const auto& path = request.path;
  const auto file =
      sink::web_files().find(path == "/" ? "page.html" : std::string_view(path).substr(path.empty() ? 0 : 1));
  if (file != sink::web_files().end()) {
    response.set_content(file->second.data(), file->second.size(), content_type_of(file->first));
  } else if (path == "/view.mjpg") {
    answer_view(request, response);
  } else if (path == "/shot.jpg") {
    answer_shot(request, response);
  } else if (path == "/heat.jpg") {
    answer_heat(request, response);
  } else if (path == "/api/tracks") {
    answer_tracks(response);
  } else if (path == "/api/health") {
    response.set_content(sink::health_json(report()), "application/json");
  } else if (path == "/api/identities") {
    response.set_content(sink::identities_json(hub->cameras()), "application/json");
  } else if (path == "/api/history") {
    response.set_content(sink::history_json(history), "application/json");
  } else if (path == "/metrics") {
    response.set_content(sink::metrics_text(report()), "text/plain; version=0.0.4; charset=utf-8");
  } else {
    fail(response, 404, "no such page; see /");
  }
}

void WebServer::State::answer_view(const httplib::Request& request, httplib::Response& response) {
  const auto known = static_cast<std::int64_t>(hub->cameras().size());
  std::vector<std::size_t> cameras;
  for (std::size_t i = 0; i < request.get_param_value_count("camera"); ++i) {
    const auto camera = number_in(request.get_param_value("camera", i));
    if (!camera || *camera < 0 || *camera >= known) return fail(response, 404, "no such camera");
    cameras.push_back(static_cast<std::size_t>(*camera));
  }
  auto slot = std::make_shared<sink::ViewerSlot>(hub->view_readers, options.max_viewers);
  if (!slot->granted())
    return fail(response, 503, fmt::format("all views are in use (limit: {})", options.max_viewers));
  if (request.method == "GET") sink::stream_pictures(response, hub, std::move(cameras), std::move(slot));
}

void WebServer::State::answer_shot(const httplib::Request& request, httplib::Response& response) const {
  const auto camera = number_in(request.get_param_value("camera"));
  const auto id = number_in(request.get_param_value("id"));
  const auto cameras = hub->cameras();
  if (!camera || !id || *camera < 0 || *camera >= static_cast<std::int64_t>(cameras.size()))
    return fail(response, 404, "no such identity");
  const auto jpeg = cameras[static_cast<std::size_t>(*camera)]->best_shot(*id);
  if (jpeg.empty()) return fail(response, 404, "there is no picture of this identity");
  response.set_content(reinterpret_cast<const char*>(jpeg.data()), jpeg.size(), "image/jpeg");
}

void WebServer::State::answer_heat(const httplib::Request& request, httplib::Response& response) const {
  const auto camera = number_in(request.get_param_value("camera"));
  const auto cameras = hub->cameras();
  if (!camera || *camera < 0 || *camera >= static_cast<std::int64_t>(cameras.size()))
    return fail(response, 404, "no such camera");
  const auto jpeg = cameras[static_cast<std::size_t>(*camera)]->heat_map();
  if (jpeg.empty()) return fail(response, 404, "there is no picture yet");
  response.set_content(reinterpret_cast<const char*>(jpeg.data()), jpeg.size(), "image/jpeg");
}

void WebServer::State::answer_tracks(httplib::Response& response) {
  auto slot = std::make_shared<sink::ViewerSlot>(hub->line_readers, options.max_viewers);
  if (!slot->granted()) return fail(response, 503, fmt::format("too many readers (limit: {})", options.max_viewers));
  sink::stream_lines(response, hub, std::move(slot));
}

sink::Report WebServer::State::report() const {
  sink::Report report;
  report.streams = sink::join(options.streams(), hub->cameras());
  report.deliveries = options.deliveries();
  report.viewers = hub->view_readers;
  report.readers = hub->line_readers;
  report.uptime_s = std::chrono::duration<double>(Clock::now() - start).count();
  return report;
}

void WebServer::State::sample_history() {
  for (auto next = Clock::now(); !hub->stopping();) {
    const auto now = Clock::now();
    if (now >= next) {
      const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
      const auto time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
      for (const auto& stream : report().streams) history.add(stream.health, stream.counts.objects, time_ms);
      next = std::max(next + sink::sample_interval, now);
    }
    hub->wait_for_stop(std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()));
  }
}

namespace {

WebOptions checked(WebOptions options) {
  if (options.token.empty() && !options.address.is_loopback()) {
    throw SettingError("serve_token_file", fmt::format("{}:{}: serving other machines requires a token",
                                                       options.address.host, options.address.port));
  }
  return options;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace

WebServer::WebServer(WebOptions options) : state_(std::make_unique<State>(checked(std::move(options)))) {}

WebServer::~WebServer() = default;

int WebServer::port() const { return state_->listener.port(); }

std::string WebServer::url() const {
  auto host = state_->options.address.host;
  if (host == "0.0.0.0" || host == "::") host = host_name();  // these mean every interface; clients need a host name
  const auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return fmt::format("http://{}:{}/", shown, port());
}

std::shared_ptr<sink::Hub> WebServer::hub() const { return state_->hub; }

}  // namespace onepass
