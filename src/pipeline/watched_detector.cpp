#include "pipeline/watched_detector.hpp"

#include <utility>

namespace onepass::pipeline {
namespace {

class WatchedDetector : public Detector {
 public:
  WatchedDetector(std::unique_ptr<Detector> inner, DetectionObserver observe)
      : inner_(std::move(inner)), observe_(std::move(observe)) {}

  std::vector<Detection> detect(const Frame& frame) override {
    auto detections = inner_->detect(frame);
    observe_(frame, detections);
    return detections;
  }

  Finish begin(const Frame& frame) override {
    return [this, frame, finish = inner_->begin(frame)] {
      auto detections = finish();
      observe_(frame, detections);
      return detections;
    };
  }

  int frames_at_once() const override { return inner_->frames_at_once(); }
  const std::vector<std::string>& class_names() const override { return inner_->class_names(); }
  StreamEmbedder* embedder() override { return inner_->embedder(); }

 private:
  std::unique_ptr<Detector> inner_;
  DetectionObserver observe_;
};

}  // namespace

std::unique_ptr<Detector> make_watched(std::unique_ptr<Detector> detector, DetectionObserver observe) {
  return std::make_unique<WatchedDetector>(std::move(detector), std::move(observe));
}

}  // namespace onepass::pipeline
