// Compares the detections of a model in several precisions with those in f32:
//   detection_agreement MODEL IMGSZ PRECISION[,PRECISION...] SOURCE...
// A detection of f32 that scores at least .25 is matched if the other precision has one of the same class with an IoU
// of at least .9 to it (each is matched once, the best pairs first). Prints the share of matched detections: with
// detections of any score, and with those of at least .25.
#include <algorithm>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"

namespace {

using onepass::Detection;

constexpr float sure = 0.25F;
constexpr float least_iou = 0.9F;

struct Agreement {
  int detections = 0;
  int matched = 0;

  double share() const { return detections > 0 ? 100.0 * matched / detections : 100; }
};

void count(const std::vector<Detection>& expected, const std::vector<Detection>& others, float least_score,
           Agreement& agreement) {
  std::vector<std::tuple<float, std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i].score < sure) continue;
    ++agreement.detections;
    for (std::size_t k = 0; k < others.size(); ++k) {
      const float iou = intersection_over_union(expected[i].box, others[k].box);
      if (others[k].score >= least_score && others[k].class_id == expected[i].class_id && iou >= least_iou)
        pairs.emplace_back(-iou, i, k);
    }
  }
  std::ranges::sort(pairs);
  std::vector<bool> taken(expected.size()), given(others.size());
  for (const auto& [iou, i, k] : pairs) {
    if (taken[i] || given[k]) continue;
    taken[i] = given[k] = true;
    ++agreement.matched;
  }
}

std::unique_ptr<onepass::Detector> detector(const std::string& model, const std::string& imgsz,
                                            const std::string& precision) {
  onepass::Config config;
  apply_setting(config, "detector.imgsz", imgsz);
  apply_setting(config, "detector.precision", precision);
  apply_setting(config, "embed.method", "none");
  return make_detector(onepass::load_model(model, config.detector, config.embed), config.detector);
}

void compare(const std::string& model, const std::string& imgsz, const std::vector<std::string>& precisions,
             const std::string& location) {
  const auto source = onepass::open_source(location);
  const auto expected = detector(model, imgsz, "f32");
  std::vector<std::unique_ptr<onepass::Detector>> others;
  for (const auto& precision : precisions) others.push_back(detector(model, imgsz, precision));
  std::vector<Agreement> any(precisions.size()), above(precisions.size());
  while (const auto frame = source->next()) {
    const auto truth = expected->detect(*frame);
    for (std::size_t i = 0; i < others.size(); ++i) {
      const auto detections = others[i]->detect(*frame);
      count(truth, detections, 0, any[i]);
      count(truth, detections, sure, above[i]);
    }
  }
  for (std::size_t i = 0; i < others.size(); ++i)
    fmt::print("{:20} {:5} {:6} detections of f32, {:6.2f} % matched, {:6.2f} % by scores of at least {}\n",
               source->info().name, precisions[i], any[i].detections, any[i].share(), above[i].share(), sure);
}

}  // namespace

int main(int count, char** words) try {
  if (count < 5)
    throw std::invalid_argument("usage: detection_agreement MODEL IMGSZ PRECISION[,PRECISION...] SOURCE...");
  std::vector<std::string> precisions;
  std::istringstream list(words[3]);
  for (std::string precision; std::getline(list, precision, ',');) precisions.push_back(precision);
  for (int i = 4; i < count; ++i) compare(words[1], words[2], precisions, words[i]);
} catch (const std::exception& error) {
  std::cerr << "detection_agreement: " << error.what() << "\n";
  return 1;
}
