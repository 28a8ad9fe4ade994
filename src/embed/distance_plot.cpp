#include "embed/distance_plot.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "distance_plot_script.hpp"
#include "io/python/script.hpp"

namespace onepass::embed {
namespace {

constexpr int bins = 20;  // over distances from 0 to 1

std::array<double, bins> histogram(const std::vector<double>& values) {
  std::array<double, bins> shares{};
  for (const double value : values) {
    shares[std::clamp(static_cast<int>(value * bins), 0, bins - 1)] += 1 / static_cast<double>(values.size());
  }
  return shares;
}

}  // namespace

double found_at(const Distances& distances, double mistaken) {
  auto different = distances.different;
  auto count = static_cast<std::ptrdiff_t>(mistaken * static_cast<double>(different.size()));
  count = std::clamp<std::ptrdiff_t>(count, 0, static_cast<std::ptrdiff_t>(different.size()) - 1);
  std::ranges::nth_element(different, different.begin() + count);
  const double limit = different[static_cast<std::size_t>(count)];
  const auto found = std::ranges::count_if(distances.same, [limit](double value) { return value < limit; });
  return static_cast<double>(found) / static_cast<double>(distances.same.size());
}

std::string histogram_text(const Distances& distances) {
  constexpr double columns = 100;  // characters for 100 % of both kinds together
  const auto same = histogram(distances.same);
  const auto different = histogram(distances.different);
  std::string text = "distance     same                  different\n";
  for (int bin = 0; bin < bins; ++bin) {
    if (same[bin] + different[bin] < 5e-4) continue;
    const auto bar = [&](double share) { return std::string(static_cast<std::size_t>(share * columns / 2), '#'); };
    text += fmt::format("{:.2f}-{:.2f}  {:>5.1f} % {:<22}{:>5.1f} % {}\n", static_cast<double>(bin) / bins,
                        static_cast<double>(bin + 1) / bins, 100 * same[bin], bar(same[bin]), 100 * different[bin],
                        bar(different[bin]));
  }
  return text;
}

std::string roc_text(const Distances& before, const Distances& after) {
  std::string text = "different pairs mistaken   same pairs found: plain   calibrated\n";
  for (const double mistaken : {0.001, 0.01, 0.05, 0.1, 0.2}) {
    text += fmt::format("{:>22.1f} % {:>23.1f} % {:>10.1f} %\n", 100 * mistaken, 100 * found_at(before, mistaken),
                        100 * found_at(after, mistaken));
  }
  return text;
}

void write_distance_plot(const std::filesystem::path& file, const Distances& before, const Distances& after) {
  nlohmann::ordered_json input{
      {"out", file.string()}, {"same", histogram(after.same)}, {"different", histogram(after.different)}};
  input["areas"] = {{"plain", area_under_curve(before)}, {"calibrated", area_under_curve(after)}};
  for (int percent = 0; percent <= 100; ++percent) {
    const double mistaken = percent / 100.0;
    input["mistaken"].push_back(mistaken);
    input["curves"]["plain"].push_back(found_at(before, mistaken));
    input["curves"]["calibrated"].push_back(found_at(after, mistaken));
  }
  std::filesystem::remove(file);
  io::run_python(distance_plot_script, {}, input.dump());
}

}  // namespace onepass::embed
