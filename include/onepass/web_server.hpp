// Serves a web page over HTTP: live views, counts, charts, identities and health, for people and for programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/memory.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/warning_handler.hpp"
#include "onepass/zone_store.hpp"

namespace onepass::sink {
class Hub;
}

namespace onepass {

struct WebAddress {
  std::string host = "127.0.0.1";
  int port = 8080;  ///< 0: any free port

  /// Returns true if the address can be reached from this machine only.
  bool is_loopback() const;
};

/// Parses "127.0.0.1:8080", "localhost:8080", "[::1]:8080", "8080" (this machine only) or ":8080" (every interface).
/// @throws std::invalid_argument naming the expected form.
WebAddress parse_web_address(const std::string& text);

/// Reads the token: the first line of the file, at least 16 visible characters without spaces.
/// @throws std::runtime_error naming the file.
std::string read_web_token(const std::filesystem::path& path);

/// Where the page reads and saves the zones of a run. Called from the server's threads.
struct ZoneEditing {
  std::function<StoredZones()> read;

  /// Saves the zones and lets them count from now on; throws as ZoneStore::write() does.
  std::function<StoredZones(const std::vector<Zone>& zones, const std::string& revision)> save;
};

struct WebOptions {
  WebAddress address;
  std::string token;           ///< if not empty, every request needs it; required unless the address is loopback
  std::string editor_token{};  ///< requests that change something need it; empty: nothing can be changed
  std::filesystem::path certificate{};  ///< PEM file; if not empty, the page is served over HTTPS
  std::filesystem::path key{};          ///< PEM file of the certificate's private key, without a passphrase
  std::optional<ZoneEditing> zones{};   ///< none: zones cannot be drawn on the page
  int max_viewers = 16;                 ///< viewers of live views; readers of /api/tracks have the same limit
  double max_view_rate = 15;            ///< frames per second of a live view
  int max_view_size = 1280;             ///< longer side of a live view, in pixels

  /// Called from the server's threads, about once a second and for requests. Streams that have no sink yet are shown
  /// without a view.
  std::function<std::vector<StreamHealth>()> streams = [] { return std::vector<StreamHealth>(); };
  std::function<std::vector<DeliveryHealth>()> deliveries = [] { return std::vector<DeliveryHealth>(); };
  WarningHandler warn = [](const std::string&) {};
};

/// What the page tells of the identities of a stream.
struct WebIdentities {
  double end_after_s = 2;  ///< as in EventOptions
  bool share_ids = false;  ///< streams that have set this know the same identity by the same id (one memory)
  /// Returns the most similar identities, nearest first, for the search by example. Called from the server's threads;
  /// empty: there is no search.
  std::function<std::vector<SimilarIdentity>(std::int64_t id)> similar{};
};

/// HTTP server with its own threads. It serves until it is destroyed, which takes well under a second:
/// - "/" is the page; it loads nothing from other servers.
/// - "/view.mjpg" streams annotated frames (multipart JPEG) of all cameras; "?camera=0" selects one, and may be
///   repeated.
/// - "/api/tracks" sends one line of make_jsonl_sink per frame, as server-sent events.
/// - "/api/health" returns the health of streams and deliveries and the number of viewers, as JSON.
/// - "/api/identities" returns the current and recent identities; "/shot.jpg?camera=0&id=7" is the best view of one.
/// - "/api/identity?camera=0&id=7" returns when one was where, its pictures, and who looks like it.
/// - "/api/history" returns one sample per second of the last minutes, for charts; "/api/health" says of how many.
/// - "/heat.jpg?camera=0" is the newest picture of a camera with the heat of where objects stood.
/// - "/picture.jpg?camera=0" is the newest picture of a camera without its zones, for drawing them.
/// - "/api/zones" returns the zones of the run; PUT replaces them, with the editor's token.
/// - "/metrics" returns Prometheus text.
///
/// A slow or dead client never delays tracking: every viewer gets the newest frame, which is drawn and encoded only on
/// request, and only once for all viewers. The token is sent as bearer token or as the password of basic
/// authentication, for which browsers prompt. The editor's token is also one of a viewer. Without a certificate, both
/// can be read on the network.
class WebServer {
 public:
  /// @throws std::runtime_error naming the address if the port is taken, or if the address does not belong to this
  ///         machine.
  /// @throws SettingError "serve_token_file" if a token is required but missing, "serve_certificate" or "serve_key" for
  ///         a certificate that cannot be used.
  explicit WebServer(WebOptions options);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  int port() const;         ///< the port in use
  std::string url() const;  ///< "http://127.0.0.1:8080/"

 private:
  friend std::unique_ptr<TrackSink> make_web_sink(WebServer& server, const StreamInfo& stream,
                                                  const WebIdentities& identities);
  std::shared_ptr<sink::Hub> hub() const;

  struct State;
  std::unique_ptr<State> state_;
};

/// Makes a sink that adds a stream to the page. The stream stays there, with its last frame and identities, after the
/// sink is closed. The sink may outlive the server, and write() never waits for viewers.
std::unique_ptr<TrackSink> make_web_sink(WebServer& server, const StreamInfo& stream,
                                         const WebIdentities& identities = {});

}  // namespace onepass
