// State of a live stream that its owner shares with the thread that reads it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "onepass/live.hpp"
#include "pipeline/health_recorder.hpp"
#include "pipeline/live/backoff.hpp"
#include "pipeline/live/live_clock.hpp"

namespace onepass {

/// State shared by the owner and the thread. The thread shares its ownership, because it outlives the owner if a driver
/// call does not return.
struct LiveStream::State {
  /// Why a connection has ended.
  struct Outage {
    std::string why;
    bool temporary = true;
  };

  using SteadyClock = std::chrono::steady_clock;
  using Lock = std::unique_lock<std::mutex>;

  State(std::string camera, std::string where, const LiveOptions& live_options);

  // Called by the thread, which executes run(). The owner calls the notice_... functions too.
  void run();
  bool read_connection();
  bool give_up();
  bool wait_for(const Frame& frame);
  void count_errors(const DecodeErrors& errors);
  void deliver(Frame frame, const SourceInfo& source);
  void take_first(const Frame& frame, const SourceInfo& source, SteadyClock::time_point now);
  bool pause_before_next(const Outage& outage);

  void notice_silence();
  void notice_overdue_open();
  void notice_hang();
  void enter(StreamState state, const std::string& reason, const std::string& details);
  void tell(const std::string& line);
  std::string no_answer() const;

  const std::string name;
  const std::string location;
  const LiveOptions options;
  std::thread thread;  ///< executes run(); used by the owner only

  pipeline::Backoff backoff;  // this and the members up to timed_out are used by the thread only
  pipeline::LiveClock clock;
  int failures = 0;  ///< failed attempts in a row
  std::int64_t next_index = 0;
  DecodeErrors earlier_errors{};  ///< before the current connection
  bool timed_out = false;         ///< give_up() has ended the connection

  mutable std::mutex mutex;         // protects all members below
  std::condition_variable changed;  ///< signals stopping, finished, or room for frames
  bool stopping = false;
  SteadyClock::time_point stop_deadline;  ///< time until which the owner waits for the thread
  bool finished = false;                  ///< the thread has ended
  bool abandoned = false;                 ///< given up although the thread has not ended
  bool failed = false;                    ///< the stream was given up, for the reason in health
  bool temporary = true;                  ///< the reason in health may go away
  SourceInfo info;
  std::deque<LiveFrame> frames;
  pipeline::HealthRecorder recorder;
  std::function<void()> on_change = [] {};
  std::vector<std::string> news;
  SteadyClock::time_point connect_at;  ///< start of the current connection
  bool opening = false;                ///< the connection has not delivered a frame yet
  bool delivering = false;             ///< the connection has delivered a frame
  SteadyClock::time_point last_frame_at;

  static constexpr std::size_t most_kept = 32;  ///< frames kept with LivePolicy::all; beyond, the source has to wait
};

}  // namespace onepass
