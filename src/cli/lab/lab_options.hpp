// Helpers shared by several lab commands.
#pragma once

#include <string>
#include <vector>

#include "lab/variants.hpp"
#include "onepass/config.hpp"

namespace onepass::cli {

/// The detector settings of the published evaluation: class person, conf 0.25, NMS IoU 0.6.
inline Config measured_defaults() {
  Config config;
  config.detector.conf = 0.25F;
  config.detector.iou = 0.6F;
  config.detector.classes = {"person"};
  return config;
}

/// Returns the variants named by all --method arguments.
inline std::vector<lab::Variant> named_variants(const std::vector<std::string>& methods, const Config& base,
                                                const model::NetworkInfo& network) {
  std::vector<lab::Variant> variants;
  for (const auto& method : methods) {
    for (auto& variant : lab::parse_variants(method, base, network)) variants.push_back(std::move(variant));
  }
  return variants;
}

}  // namespace onepass::cli
