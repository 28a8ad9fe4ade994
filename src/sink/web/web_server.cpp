#include "onepass/web_server.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "onepass/setting_error.hpp"
#include "sink/web/http/http_listener.hpp"
#include "sink/web/hub.hpp"
#include "sink/web/site.hpp"

namespace onepass {
namespace {

using Clock = std::chrono::steady_clock;

WebOptions checked(WebOptions options) {
  const auto where = fmt::format("{}:{}: ", options.address.host, options.address.port);
  if (options.token.empty() && !options.address.is_loopback())
    throw SettingError("serve_token_file", where + "serving other machines requires a token");
  if (!options.editor_token.empty() && options.editor_token == options.token)
    throw SettingError("serve_editor_token_file", where + "the token of editors must not be that of viewers");
  if (options.certificate.empty() != options.key.empty())
    throw SettingError(options.key.empty() ? "serve_key" : "serve_certificate",
                       where + "a certificate and its key must be given together");
  return options;
}

/// Warns of a certificate that browsers will not trust.
sink::TlsSettings tls_of(const WebOptions& options) {
  if (options.certificate.empty()) return nullptr;
  auto settings = sink::load_certificate(options.certificate, options.key);
  if (const auto problem = sink::time_problem(settings); !problem.empty())
    options.warn(fmt::format("{}: {}; browsers will not trust it", options.certificate.string(), problem));
  return settings;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace

struct WebServer::State {
  explicit State(const WebOptions& given)
      : options(given),
        hub(std::make_shared<sink::Hub>(sink::ViewLimits{options.max_view_rate, options.max_view_size})),
        site(options, hub),
        listener(
            options.address, {}, [this](const auto& request, auto& response) { site.answer(request, response); },
            {.body_limit = [this](const auto& request) { return site.body_limit(request); }, .tls = tls_of(options)}),
        sampler([this] { sample_history(); }) {}

  ~State() {
    hub->stop();
    sampler.join();
  }

  void sample_history();

  const WebOptions options;
  const std::shared_ptr<sink::Hub> hub;
  sink::Site site;
  sink::HttpListener listener;
  std::thread sampler;
};

void WebServer::State::sample_history() {
  for (auto next = Clock::now(); !hub->stopping();) {
    const auto now = Clock::now();
    if (now >= next) {
      site.sample();
      next = std::max(next + sink::sample_interval, now);
    }
    hub->wait_for_stop(std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()));
  }
}

WebServer::WebServer(WebOptions options) : state_(std::make_unique<State>(checked(std::move(options)))) {}

WebServer::~WebServer() = default;

int WebServer::port() const { return state_->listener.port(); }

std::string WebServer::url() const {
  auto host = state_->options.address.host;
  if (host == "0.0.0.0" || host == "::") host = host_name();  // these mean every interface; clients need a host name
  const auto shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return fmt::format("{}://{}:{}/", state_->options.certificate.empty() ? "http" : "https", shown, port());
}

std::shared_ptr<sink::Hub> WebServer::hub() const { return state_->hub; }

}  // namespace onepass
