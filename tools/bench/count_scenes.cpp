// count_scenes [SCENES]: error of the counts of a line in generated scenes (see counting_trial.hpp).
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "bench/counting_trial.hpp"

using namespace onepass::bench;

int main(int argc, char** argv) {
  const int scenes = argc > 1 ? std::max(1, std::atoi(argv[1])) : 40;
  std::cout << "identities        all  visible  counted    error  per scene  unseen | different  counted    error\n";
  const std::array names = {"given", "boxes", "embeddings", "memory"};
  for (const auto kind : {Identities::given, Identities::boxes, Identities::embeddings, Identities::memory}) {
    Crossings all;
    Crossings truth;
    Crossings counted;
    std::int64_t off = 0;  // errors that do not cancel between scenes and directions
    std::int64_t unseen = 0;
    for (int seed = 1; seed <= scenes; ++seed) {
      const auto result = count_scene(static_cast<std::uint64_t>(seed), kind);
      all += result.all;
      truth += result.truth;
      counted += result.counted;
      unseen += result.hidden_passages;
      for (std::size_t i = 0; i < 2; ++i) off += std::abs(result.counted.passages[i] - result.truth.passages[i]);
    }
    const auto sum = [](const auto& pair) { return static_cast<double>(pair[0] + pair[1]); };
    const auto error = [&](const auto& a, const auto& b) { return 100 * (sum(a) - sum(b)) / sum(b); };
    std::cout << fmt::format("{:<12} {:>8} {:>8} {:>8} {:>7.2f}% {:>9.2f}% {:>7} | {:>9} {:>8} {:>7.2f}%\n",
                             names[static_cast<std::size_t>(kind)], sum(all.passages), sum(truth.passages),
                             sum(counted.passages), error(counted.passages, truth.passages),
                             100 * static_cast<double>(off) / sum(truth.passages), unseen, sum(truth.identities),
                             sum(counted.identities), error(counted.identities, truth.identities));
  }
}
