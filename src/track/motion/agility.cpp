#include "track/motion/agility.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

constexpr double prior_samples = 100;  // weight of the initial lead of 0: a few seconds of one object
// The last 1 / slowest_rate samples decide: 40 s of ten objects at 25 frames a second. The kind of a stream does not
// change sooner, but dancers rest in between.
constexpr double slowest_rate = 0.0001;

// A steady filter is worth a little overlap, because it keeps identities apart in occlusions, which secure matches do
// not show. How much depends on the objects: those that turn and bend also change their shape, at any frame rate. The
// wildest street that loses by agile predictions has 0.00021; of eight dances, six reach 0.00046, also at a half and a
// third of the frame rate (five with 3 % of the boxes dropped and 1 % jitter). The limits lie around the geometric
// mean.
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
