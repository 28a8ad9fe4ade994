#include "pipeline/channel.hpp"

#include "core/timed.hpp"

namespace onepass::pipeline {
namespace {

double embed_seconds(Detector& detector) {
  const auto* embedder = detector.embedder();
  return embedder ? embedder->seconds() : 0;
}

}  // namespace

Channel::Channel(Detector& detects, Tracker& tracks, Sinks& writes)
    : detector(detects), tracker(tracks), sinks(writes) {
  if (const auto* embedder = detector.embedder()) tracker.expect(embedder->distances());
}

FrameResult Channel::step(const Frame& frame) {
  return step(frame, [&] { return detector.detect(frame); });
}

FrameResult Channel::step(const Frame& frame, const Detector::Finish& finish) {
  FrameResult result;
  double detect_and_embed_s = 0;
  const double embed_before_s = embed_seconds(detector);
  result.detections = timed(detect_and_embed_s, finish);
  const double embed_s = embed_seconds(detector) - embed_before_s;
  result.tracks = timed(statistics.track_s, [&] { return tracker.update(result.detections, frame); });
  timed(statistics.write_s, [&] {
    for (auto& sink : sinks) sink->write(frame, result.tracks);
  });
  ++statistics.frames;
  statistics.identities = tracker.identity_count();
  statistics.embed_s += embed_s;
  statistics.detect_s += detect_and_embed_s - embed_s;
  return result;
}

}  // namespace onepass::pipeline
