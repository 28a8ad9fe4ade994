// Answers the requests for the page, its pictures and its data.
#pragma once

#include <chrono>
#include <memory>

#include "onepass/web_server.hpp"
#include "sink/web/doorman.hpp"
#include "sink/web/history.hpp"
#include "sink/web/http/httplib.hpp"
#include "sink/web/hub.hpp"
#include "sink/web/report/reports.hpp"

namespace onepass::sink {

/// Its functions are called from several threads.
class Site {
 public:
  /// Bytes of the zones that a client may send.
  static constexpr std::size_t most_zone_bytes = 256 * 1024;

  Site(WebOptions options, std::shared_ptr<Hub> hub);

  void answer(const httplib::Request& request, httplib::Response& response);

  /// See HttpExtras::body_limit.
  std::size_t body_limit(const httplib::Request& request) const;

  /// Adds a sample of every stream to the history.
  void sample();

 private:
  using Clock = std::chrono::steady_clock;

  bool can_change(const httplib::Request& request) const;
  void answer_read(const httplib::Request& request, httplib::Response& response);
  bool answer_picture(const httplib::Request& request, httplib::Response& response) const;
  bool answer_data(const httplib::Request& request, httplib::Response& response);
  void answer_identity(const httplib::Request& request, httplib::Response& response) const;
  void answer_view(const httplib::Request& request, httplib::Response& response);
  void answer_tracks(httplib::Response& response);
  void answer_zones(const httplib::Request& request, httplib::Response& response) const;
  void change_zones(const httplib::Request& request, httplib::Response& response);
  Report report() const;

  WebOptions options_;
  Clock::time_point start_ = Clock::now();
  std::shared_ptr<Hub> hub_;
  Doorman doorman_;
  History history_;
};

}  // namespace onepass::sink
