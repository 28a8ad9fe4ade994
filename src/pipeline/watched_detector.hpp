// Passes on the detections of another detector, and shows them to an observer before the tracker gets them.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "onepass/detector.hpp"

namespace onepass::pipeline {

/// Called once for every frame, in order, by the thread that tracks it.
using DetectionObserver = std::function<void(const Frame& frame, std::span<const Detection> detections)>;

std::unique_ptr<Detector> make_watched(std::unique_ptr<Detector> detector, DetectionObserver observe);

}  // namespace onepass::pipeline
