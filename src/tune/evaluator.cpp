#include "tune/evaluator.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest_name.hpp"
#include "eval/metrics/families.hpp"

namespace onepass::tune {
namespace {

/// One sequence to be scored with some values.
struct Job {
  const Values* values = nullptr;
  std::size_t sequence = 0;
  std::optional<Scores>* place = nullptr;
};

/// Runs `work` for every job on several threads, until `stop` returns true.
/// @throws the first error of a job.
void run_all(std::span<const Job> jobs, int threads, const std::function<bool()>& stop,
             const std::function<void(const Job&)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  std::exception_ptr error;
  const auto loop = [&] {
    while (!stop() && !failed) {
      const auto index = next++;
      if (index >= jobs.size()) return;
      try {
        work(jobs[index]);
      } catch (...) {
        if (!failed.exchange(true)) error = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < std::min<int>(threads, static_cast<int>(jobs.size())); ++i) others.emplace_back(loop);
    loop();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace

std::vector<std::string> objective_names() {
  return {"HOTA", "DetA", "AssA", "OWTA", "MOTA", "MODA", "sMOTA", "IDF1", "IDR", "IDP"};
}

void require_objective(const std::string& name) {
  const auto known = objective_names();
  if (std::ranges::count(known, name) > 0) return;
  throw std::invalid_argument(fmt::format("'{}' is not an objective{}; choose one of {}", name,
                                          did_you_mean(name, known), fmt::join(known, ", ")));
}

Evaluator::Evaluator(std::vector<ReplayedSequence> sequences, Config base, EvaluatorOptions options)
    : sequences_(std::move(sequences)), base_(std::move(base)), options_(std::move(options)) {
  require_objective(options_.objective);
}

bool Evaluator::evaluate(std::span<const Request> requests, const std::function<bool()>& stop) {
  std::set<std::optional<Scores>*> planned;
  std::vector<Job> jobs;
  for (const auto& request : requests) {
    const auto entry = scores_.try_emplace(request.values, sequences_.size()).first;
    for (const auto sequence : request.sequences) {
      auto* const place = &entry->second[sequence];
      if (!*place && planned.insert(place).second) jobs.push_back({&entry->first, sequence, place});
    }
  }
  run_all(jobs, options_.jobs, stop, [&](const Job& job) {
    const auto config = with_values(base_, *job.values);
    std::vector<Scores> replays;
    for (unsigned i = 0; i < options_.replays; ++i)
      replays.push_back(score_sequence(sequences_[job.sequence], config, options_.benchmark, i));
    *job.place = replays.size() == 1 ? replays.front() : combine(replays);
  });
  return std::ranges::all_of(jobs, [](const Job& job) { return job.place->has_value(); });
}

const Scores& Evaluator::scores(const Values& values, std::size_t sequence) const {
  return scores_.at(values).at(sequence).value();
}

Scores Evaluator::combined(std::span<const Request> parts) const {
  std::vector<Scores> all;
  for (const auto& part : parts) {
    for (const auto sequence : part.sequences) all.push_back(scores(part.values, sequence));
  }
  return combine(all);
}

double Evaluator::objective(const Request& request) const { return objective_of(combined({&request, 1})); }

double Evaluator::objective_of(Scores scores) const {
  for (const auto& field : eval::fields_of(scores)) {
    if (field.name == options_.objective) return 100 * eval::summary(field);
  }
  throw std::invalid_argument(options_.objective + " is not a score");
}

}  // namespace onepass::tune
