// The size of a simulated site, and the reports of its processes.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "track/memory/sharing.hpp"

namespace onepass::bench {

struct SiteSize {
  std::string redis;  // address of the site
  int cameras = 10'000;
  double people = 5;    // in sight of a camera
  double visit_s = 20;  // of a person at a camera
  int cameras_a_process = 16;
  int capacity = 10'000;  // identities that a process remembers
  int length = 512;       // of an embedding
  double seconds = 10;
  int writers = 2;
  int readers = 2;
  int listeners = 0;

  double in_sight() const { return cameras * people; }
  double reports_a_second() const { return 2 * in_sight() / visit_s + in_sight() / track::refresh_s; }
  int processes() const { return (cameras + cameras_a_process - 1) / cameras_a_process; }
};

inline track::IdentityReport any_report(const SiteSize& options, std::mt19937& random) {
  track::IdentityReport report;
  report.member = 1;
  report.in_sight = random() % 2 == 0;
  report.identity.hits = 100;
  for (int view = 0; view < 2; ++view) {
    track::CompactEmbedding mean;
    mean.scale = 0.001F;
    for (int i = 0; i < options.length; ++i) mean.values.push_back(static_cast<std::int8_t>(random() % 255 - 127));
    report.identity.views.push_back({std::move(mean), 10});
  }
  return report;
}

/// Different reports, made before time counts: they are sent again under other ids.
inline std::vector<track::IdentityReport> some_reports(const SiteSize& options, unsigned seed) {
  constexpr int count = 256;
  std::mt19937 random(seed);
  std::vector<track::IdentityReport> reports;
  for (int i = 0; i < count; ++i) reports.push_back(any_report(options, random));
  return reports;
}

}  // namespace onepass::bench
