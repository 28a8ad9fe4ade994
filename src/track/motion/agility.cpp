#include "track/motion/agility.hpp"

#include <algorithm>

namespace onepass::track {
namespace {

constexpr double prior_samples = 100;   // weight of the initial lead of 0: a few seconds of one object
constexpr double slowest_rate = 0.001;  // the last 1 / slowest_rate samples decide: a minute of one object

// A steady filter is worth a little overlap, because it keeps identities apart in occlusions, which secure matches do
// not show. Pedestrians in street scenes lose up to 0.035 by it, dancers 0.035 to 0.1.
constexpr double price_of_steadiness = 0.04;
constexpr double price_of_blindness = 0.05;  // from this lead on, the steady filter loses the objects themselves
constexpr double sure_lead = 0.015;          // a smaller one can be noise of the detections

}  // namespace

void Agility::learn(double steady_overlap, double agile_overlap) {
  ++samples_;
  const double rate = std::max(slowest_rate, 1 / (prior_samples + static_cast<double>(samples_)));
  lead_ += rate * (agile_overlap - steady_overlap - lead_);
}

double Agility::value() const {
  return std::clamp((lead_ - price_of_steadiness) / (price_of_blindness - price_of_steadiness), 0.0, 1.0);
}

bool Agility::leads() const { return lead_ > sure_lead; }

}  // namespace onepass::track
