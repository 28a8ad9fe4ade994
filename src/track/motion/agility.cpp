#include "track/motion/agility.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

constexpr double prior_samples = 100;   // weight of the initial lead of 0: a few seconds of one object
constexpr double slowest_rate = 0.001;  // the last 1 / slowest_rate samples decide: a minute of one object

// Dances have calm moments, so the peak of the wildness counts. It decays with a time constant of 20,000 matches, half
// a minute of twenty people, and is kept only after 1 / slowest_rate samples.
constexpr double peak_decay = 0.00005;

// A steady filter is worth a little overlap, because it keeps identities apart in occlusions, which secure matches do
// not show. How much depends on the objects: those that turn and bend also change their shape, at any frame rate. After
// 250 matches and more, the wildness of pedestrians in streets was up to 0.0028 (0.0026 disturbed or at a half and a
// third of the frame rate), from a moving car 0.006; each of eight dances reached 0.005 (0.0039 disturbed, 0.0026 at a
// third of the rate). With agile predictions from 0.002 on, one of the streets loses a quarter of its score.
constexpr double wildness_of_streets = 0.0035;
constexpr double wildness_of_dances = 0.004;
constexpr double most_change = 1;    // a larger one, by a factor of e, is a wrong match
constexpr double sure_lead = 0.015;  // a smaller one can be noise of the detections

// Share of the agile filter in boxes that are output where it leads: the mean of two estimates is better than either.
// On streets, 0.5 to 0.7 scores best.
constexpr double mixture = 0.7;

}  // namespace

void Agility::learn(double steady_overlap, double agile_overlap, double width_ratio) {
  ++samples_;
  const auto count = static_cast<double>(samples_);
  lead_ += std::max(slowest_rate, 1 / (prior_samples + count)) * (agile_overlap - steady_overlap - lead_);
  const double change = std::clamp(std::log(width_ratio), -most_change, most_change);
  squared_change_ += std::max(slowest_rate, 1 / count) * (change * change - squared_change_);
  const bool is_sure = slowest_rate * count >= 1;
  peak_wildness_ = is_sure ? std::max(wildness(), (1 - peak_decay) * peak_wildness_) : wildness();
}

double Agility::wildness() const { return lead_ * std::sqrt(squared_change_); }

double Agility::value() const {
  return std::clamp((peak_wildness_ - wildness_of_streets) / (wildness_of_dances - wildness_of_streets), 0.0, 1.0);
}

double Agility::output_value() const { return lead_ > sure_lead ? std::max(value(), mixture) : value(); }

}  // namespace onepass::track
