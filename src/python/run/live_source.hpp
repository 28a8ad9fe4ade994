// The newest frames of a camera or network stream, as a source of a run.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "onepass/frame_source.hpp"
#include "onepass/live.hpp"
#include "pipeline/live/frame_bell.hpp"

namespace onepass::python {

/// next() waits for a frame, across reconnections, until interrupt().
class LiveSource : public FrameSource {
 public:
  /// @param report called on the thread of next() for every change of the connection
  /// @param wait called on this thread ten times a second while there is no frame; an exception ends the wait
  LiveSource(const std::string& location, const LiveOptions& options, std::function<void(const std::string&)> report,
             std::function<void()> wait);
  ~LiveSource() override;

  const SourceInfo& info() const override { return info_; }

  /// @throws std::runtime_error with the reason if the stream was given up.
  std::optional<Frame> next() override;
  DecodeErrors errors() const override { return stream_.health().errors; }

  /// Releases the camera. A call of next() returns nullopt at once, and so does every later one. Any thread may call
  /// it.
  void interrupt();

 private:
  Frame taken(LiveFrame frame);

  std::shared_ptr<pipeline::FrameBell> bell_;
  LiveStream stream_;
  SourceInfo info_;
  std::function<void(const std::string&)> report_;
  std::function<void()> wait_;
  std::atomic<bool> interrupted_ = false;
  std::optional<LiveFrame> last_;  ///< the frame that is being tracked, without its image
};

}  // namespace onepass::python
