#include "track/motion/agility.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

constexpr double prior_samples = 100;   // weight of the initial lead of 0: a few seconds of one object
constexpr double slowest_rate = 0.001;  // the last 1 / slowest_rate samples decide: a minute of one object

// A steady filter is worth a little overlap, because it keeps identities apart in occlusions, which secure matches do
// not show. How much depends on the objects: those that turn and bend also change their shape, at any frame rate. The
// wildness of pedestrians in streets was up to 0.0028, that of dancers 0.002 to 0.014, with boxes as they are,
// disturbed, and at a half and a third of the frame rate.
constexpr double wildness_of_streets = 0.003;
constexpr double wildness_of_dances = 0.004;
constexpr double most_change = 1;    // a larger one, by a factor of e, is a wrong match
constexpr double sure_lead = 0.015;  // a smaller one can be noise of the detections

}  // namespace

void Agility::learn(double steady_overlap, double agile_overlap, double width_ratio) {
  ++samples_;
  const auto count = static_cast<double>(samples_);
  lead_ += std::max(slowest_rate, 1 / (prior_samples + count)) * (agile_overlap - steady_overlap - lead_);
  const double change = std::clamp(std::log(width_ratio), -most_change, most_change);
  squared_change_ += std::max(slowest_rate, 1 / count) * (change * change - squared_change_);
}

double Agility::wildness() const { return lead_ * std::sqrt(squared_change_); }

double Agility::value() const {
  return std::clamp((wildness() - wildness_of_streets) / (wildness_of_dances - wildness_of_streets), 0.0, 1.0);
}

bool Agility::leads() const { return lead_ > sure_lead; }

}  // namespace onepass::track
