// Reads and detects frames on separate threads while earlier frames are being tracked.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::pipeline {

/// A frame whose detection has begun, and the time that this took.
struct BegunFrame {
  Frame frame;
  Detector::Finish finish;
  double decode_s = 0;
  double detect_s = 0;
};

/// Each of its threads reads the next frame and begins its detection, as many threads as the detector wants.
class DetectAhead {
 public:
  /// Source and detector must outlive this object. The source must not be used elsewhere meanwhile, and of the detector
  /// only what the frames finish.
  /// @param most maximum number of frames that are kept for next(), besides one for every thread beyond the first; at
  /// least 1.
  DetectAhead(FrameSource& source, Detector& detector, std::size_t most);
  /// Waits for the frames that the threads work on and discards all frames.
  ~DetectAhead();
  DetectAhead(const DetectAhead&) = delete;
  DetectAhead& operator=(const DetectAhead&) = delete;

  /// Returns the frames of the source in order. Throws an error of the source or of the detector in place of the frame
  /// that it belongs to.
  std::optional<BegunFrame> next();

 private:
  struct Outcome {
    std::optional<BegunFrame> frame;  ///< empty at the end of the source, and after an error
    std::exception_ptr error;
  };

  void work();
  void stop();
  bool wait_for_room();

  FrameSource& source_;
  Detector& detector_;
  const std::int64_t most_;  ///< frames that are not returned yet
  std::mutex reading_;       // held while a thread takes the next number and reads its frame
  std::mutex mutex_;         // protects outcomes_, returned_ and ended_
  std::condition_variable changed_;
  std::map<std::int64_t, Outcome> outcomes_;  ///< by number of the frame
  std::int64_t read_ = 0;                     ///< number of the next frame to read; belongs to reading_
  std::int64_t returned_ = 0;                 ///< number of the next frame to return
  bool ended_ = false;                        ///< no more frames are to be read
  std::vector<std::thread> threads_;
};

}  // namespace onepass::pipeline
