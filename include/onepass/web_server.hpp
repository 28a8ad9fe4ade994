// A page to watch: live views, counts, charts, identities and health over HTTP, for people and for programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/stream_health.hpp"
#include "onepass/track_sink.hpp"

namespace onepass {

struct WebAddress {
  std::string host = "127.0.0.1";
  int port = 8080;  ///< 0: any that is free

  /// Reachable from this machine alone.
  bool is_loopback() const;
};

/// Reads "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "8080" (this machine alone) or ":8080" (every interface).
/// @throws std::runtime_error saying what it should look like.
WebAddress parse_web_address(const std::string& text);

/// The first line of the file, which must have at least 16 visible characters and no space.
/// @throws std::runtime_error naming the file.
std::string read_web_token(const std::filesystem::path& path);

struct WebOptions {
  WebAddress address;
  std::string token;          ///< asked of every request where it is not empty; needed unless the address is loopback
  int max_viewers = 16;       ///< of live views, and as many readers of /api/tracks
  double max_view_rate = 15;  ///< frames per second of a live view
  int max_view_size = 1280;   ///< pixels of its longer side

  /// Asked from the server's threads, about once a second and for requests. Streams that have no sink yet are shown
  /// without a view.
  std::function<std::vector<StreamHealth>()> streams = [] { return std::vector<StreamHealth>(); };
  std::function<std::vector<DeliveryHealth>()> deliveries = [] { return std::vector<DeliveryHealth>(); };
};

class Hub;  // where sinks and viewers meet; see src/sink/web/hub.hpp

/// Serves from threads of its own until it is destroyed, which takes well under a second:
/// - "/" is the page; nothing in it comes from elsewhere.
/// - "/view.mjpg" shows live annotated frames (multipart JPEG) of all cameras; "?camera=0" asks for one, and may be
///   repeated.
/// - "/api/tracks" sends one line of make_jsonl_sink per frame, as server-sent events.
/// - "/api/health" tells of streams, deliveries and viewers as JSON.
/// - "/api/identities" tells who is there and who was lately; "/shot.jpg?camera=0&id=7" is the best view of one.
/// - "/api/history" has one sample a second of the last minutes, for charts.
/// - "/metrics" is Prometheus text.
///
/// A slow or dead client never holds up tracking: every viewer gets the newest frame, which is drawn and encoded only
/// when somebody asks for it, once for all of them. A token is given as bearer token or as the password of basic
/// authentication, which browsers ask for. There is no TLS: put a reverse proxy before it, or a tunnel.
class WebServer {
 public:
  /// @throws std::runtime_error naming the address where the port is taken or the address is not of this machine, and
  ///         where a token is missing.
  explicit WebServer(WebOptions options);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  int port() const;         ///< the one that listens
  std::string url() const;  ///< "http://127.0.0.1:8080/"

 private:
  friend std::unique_ptr<TrackSink> make_web_sink(WebServer& server, const StreamInfo& stream, double end_after_s);
  std::shared_ptr<Hub> hub() const;

  struct State;
  std::unique_ptr<State> state_;
};

/// Adds a stream to the page. It stays there, with its last frame and identities, when the sink is closed. The sink may
/// outlive the server, and write() never waits for anybody.
/// @param end_after_s as in EventOptions
std::unique_ptr<TrackSink> make_web_sink(WebServer& server, const StreamInfo& stream, double end_after_s = 2);

}  // namespace onepass
