// temporary: reid-eval without the program
#include <cstdio>
#include <fmt/format.h>
#include "lab/reid_evaluation.hpp"
#include "lab/variants.hpp"
using namespace onepass;
int main(int argc, char** argv) {
  Config config;
  config.detector.conf = 0.25F;
  config.detector.iou = 0.6F;
  config.detector.classes = {"person"};
  std::vector<std::string> sequences, methods;
  std::string model = argv[1];
  for (int i = 2; i < argc; ++i) (std::string(argv[i]).find('=') != std::string::npos || std::string(argv[i]) == "default" ? methods : sequences).push_back(argv[i]);
  lab::SharedPass pass(model, config.detector, [&](const model::NetworkInfo& network) {
    std::vector<lab::Variant> all;
    for (const auto& m : methods) for (auto& v : lab::parse_variants(m, config, network)) all.push_back(v);
    return all;
  });
  lab::EvaluationOptions options;
  for (const char* gap : {"5", "25", "50", "100"}) options.gaps.push_back(lab::parse_gap(gap));
  for (const auto& sequence : sequences) {
    const auto run = lab::run_sequence(sequence, pass, {}, options);
    const auto scores = lab::score_run(run, options);
    fmt::print("{} detections {}\n", run.sequence, run.detections);
    for (std::size_t m = 0; m < run.methods.size(); ++m) {
      fmt::print("{:<40}", run.methods[m]);
      for (std::size_t g = 0; g < 4; ++g) fmt::print("  {:.3f}/{:.3f}", scores[m * 4 + g].score.rank1, scores[m * 4 + g].score.auc);
      fmt::print("  {:.2f} ms\n", run.embed_ms[m]);
      std::fflush(stdout);
    }
  }
}
