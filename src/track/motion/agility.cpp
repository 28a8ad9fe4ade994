#include "track/motion/agility.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

constexpr double prior_samples = 100;   // weight of the initial lead of 0: a few seconds of one object
constexpr double slowest_rate = 0.001;  // the last 1 / slowest_rate samples decide: a minute of one object

// A steady filter is worth a little overlap, because it keeps identities apart in occlusions, which secure matches do
// not show. How much depends on the objects: those that turn and bend also change their shape, at any frame rate. The
// wildness of the wildest street that loses by agile predictions is 0.00020; seven of eight dances reach 0.00041 (six
// with 3 % dropped and 1 % jittered boxes, seven and five at a half and a third of the frame rate). The
// limits end at five sixths of that, so that streets have the largest margin.
constexpr double wildness_of_streets = 0.00028;
constexpr double wildness_of_dances = 0.00034;
constexpr double most_change = 1;    // a larger one, by a factor of e, is a wrong match
constexpr double sure_lead = 0.015;  // a smaller one can be noise of the detections

// Share of the agile filter in boxes that are output where it leads: the mean of two estimates is better than either.
// On streets, 0.5 to 0.7 scores best.
constexpr double mixture = 0.7;

}  // namespace

void Agility::learn_lead(double steady_overlap, double agile_overlap) {
  const double rate = std::max(slowest_rate, 1 / (prior_samples + static_cast<double>(++leads_)));
  lead_ += rate * (agile_overlap - steady_overlap - lead_);
}

void Agility::learn_shape(double change, double next_change) {
  const double first = std::clamp(change, -most_change, most_change);
  const double second = std::clamp(next_change, -most_change, most_change);
  // Noise of a detection enters two changes in a row with opposite signs, so that it cancels in this sum.
  const double without_noise = second * second + 2 * first * second;
  shape_change_ += std::max(slowest_rate, 1 / static_cast<double>(++shapes_)) * (without_noise - shape_change_);
}

double Agility::wildness() const { return lead_ * std::max(0.0, shape_change_); }

double Agility::value() const {
  return std::clamp((wildness() - wildness_of_streets) / (wildness_of_dances - wildness_of_streets), 0.0, 1.0);
}

double Agility::output_value() const { return lead_ > sure_lead ? std::max(value(), mixture) : value(); }

}  // namespace onepass::track
