#include "tune/tuning.hpp"

#include <algorithm>
#include <numeric>

#include "eval/benchmark/benchmark_folder.hpp"
#include "tune/optimizer.hpp"

namespace onepass::tune {
namespace {

constexpr double tolerance = 0.1;  // of the objective, in percent: what a value must be worth to be kept

/// The sequences that a study is allowed to see.
using Study = std::vector<std::size_t>;

class Search {
 public:
  Search(Evaluator& evaluator, std::span<const Parameter> parameters, const Config& base, TrialLog& log,
         const TuningOptions& options);

  TuningResult run();

 private:
  void search(TuningResult& result);
  bool round(Optimizer& optimizer, const std::vector<Proposal>& proposals);
  Trial trial_of(const Proposal& proposal) const;
  Values normalized(const Values& values) const;
  Values best_of(std::size_t study) const;
  Values changes(const Values& values) const;
  Values simplified(std::size_t study, Values values);
  void measure(TuningResult& result);

  Evaluator& evaluator_;
  std::span<const Parameter> parameters_;
  const Config& base_;
  TrialLog& log_;
  const TuningOptions& options_;
  std::vector<Study> studies_;              ///< the first has all sequences, the others lack one fold each
  std::vector<Study> folds_;                ///< what the others lack
  std::vector<std::vector<Trial>> trials_;  ///< by study, in order
};

Search::Search(Evaluator& evaluator, std::span<const Parameter> parameters, const Config& base, TrialLog& log,
               const TuningOptions& options)
    : evaluator_(evaluator), parameters_(parameters), base_(base), log_(log), options_(options) {
  std::vector<std::string> names;
  for (const auto& sequence : evaluator.sequences()) names.push_back(sequence.name);
  studies_.emplace_back(names.size());
  std::iota(studies_.front().begin(), studies_.front().end(), std::size_t{0});
  if (options.folds >= 2) {
    const auto fold_of = assign_folds(names, options.folds);
    const auto count = *std::ranges::max_element(fold_of) + 1;
    if (count >= 2) {
      folds_.resize(count);
      studies_.resize(1 + count);
    }
    for (std::size_t fold = 0; fold < folds_.size(); ++fold) {
      for (std::size_t i = 0; i < names.size(); ++i)
        (fold_of[i] == fold ? folds_[fold] : studies_[fold + 1]).push_back(i);
    }
  }
  trials_.resize(studies_.size());
}

/// Equal numbers get equal texts, those of the configuration.
Values Search::normalized(const Values& values) const {
  const auto config = with_values(base_, values);
  Values result;
  for (const auto& [name, value] : values) result[name] = value_in(config, name);
  return result;
}

Trial Search::trial_of(const Proposal& proposal) const {
  if (const auto* known = log_.find(proposal.study, proposal.values)) return *known;
  const auto& study = studies_[proposal.study];
  Trial trial{proposal.values, evaluator_.objective({proposal.values, study}), {}};
  for (const auto sequence : study) trial.sequences.push_back(evaluator_.objective({proposal.values, {sequence}}));
  return trial;
}

/// Evaluates what the log does not know. Returns false if that was interrupted.
bool Search::round(Optimizer& optimizer, const std::vector<Proposal>& proposals) {
  std::vector<Request> requests;
  for (const auto& proposal : proposals) {
    if (!log_.find(proposal.study, proposal.values)) requests.push_back({proposal.values, studies_[proposal.study]});
  }
  if (!evaluator_.evaluate(requests, options_.stop)) return false;
  std::vector<double> objectives;
  for (const auto& proposal : proposals) {
    const auto trial = trial_of(proposal);
    log_.add(proposal.study, trial);
    trials_[proposal.study].push_back(trial);
    objectives.push_back(trial.objective);
  }
  optimizer.tell(objectives);
  return true;
}

void Search::search(TuningResult& result) {
  Optimizer optimizer(parameters_, {studies_.size(), options_.trials, options_.seed, start_values(parameters_, base_)});
  while (!result.interrupted) {
    auto proposals = optimizer.ask();
    if (proposals.empty()) break;
    for (auto& proposal : proposals) proposal.values = normalized(proposal.values);
    result.interrupted = options_.stop() || !round(optimizer, proposals);
    if (!trials_.front().empty())
      options_.progress(static_cast<int>(trials_.front().size()),
                        std::ranges::max(trials_.front(), {}, &Trial::objective).objective);
  }
  result.importance = optimizer.importance();
  result.trials = trials_.front();
  result.finished_trials = static_cast<int>(trials_.front().size());
}

/// The values without those of the base configuration.
Values Search::changes(const Values& values) const {
  Values result;
  for (const auto& [name, value] : values) {
    if (value_in(base_, name) != value) result.emplace(name, value);
  }
  return result;
}

Values Search::best_of(std::size_t study) const {
  if (trials_[study].empty()) return {};
  return changes(std::ranges::max(trials_[study], {}, &Trial::objective).values);
}

/// Takes back one change after the other, that of the least effect first, while the objective stays within tolerance.
Values Search::simplified(std::size_t study, Values values) {
  const Request given{values, studies_[study]};
  evaluator_.evaluate({&given, 1});
  const double least = evaluator_.objective(given) - tolerance;
  while (!values.empty()) {
    std::vector<Request> requests;
    for (const auto& [name, value] : values) {
      requests.push_back({values, studies_[study]});
      requests.back().values.erase(name);
    }
    if (!evaluator_.evaluate(requests, options_.stop)) return values;
    const auto& best =
        *std::ranges::max_element(requests, {}, [&](const Request& request) { return evaluator_.objective(request); });
    if (evaluator_.objective(best) < least) return values;
    values = best.values;
  }
  return values;
}

/// Scores the chosen values, those of a fold on the sequences outside its study.
void Search::measure(TuningResult& result) {
  const auto& all = studies_.front();
  std::vector<Request> requests{{{}, all}, {result.best, all}};
  std::vector<Request> parts;
  for (const auto& fold : result.folds) parts.push_back({fold.chosen, fold.held_out});
  requests.insert(requests.end(), parts.begin(), parts.end());
  evaluator_.evaluate(requests);
  result.base = evaluator_.objective({{}, all});
  result.tuned = evaluator_.objective({result.best, all});
  if (!parts.empty()) result.cross_validated = evaluator_.objective_of(evaluator_.combined(parts));
  for (const auto sequence : all)
    result.sequences.push_back({evaluator_.sequences()[sequence].name, evaluator_.objective({{}, {sequence}}),
                                evaluator_.objective({result.best, {sequence}}), 0});
  for (auto& fold : result.folds) {
    fold.held_out_base = evaluator_.objective({{}, fold.held_out});
    fold.held_out_tuned = evaluator_.objective({fold.chosen, fold.held_out});
    for (const auto sequence : fold.held_out)
      result.sequences[sequence].cross_validated = evaluator_.objective({fold.chosen, {sequence}});
  }
}

TuningResult Search::run() {
  TuningResult result;
  search(result);
  result.best = simplified(0, best_of(0));
  for (std::size_t i = 0; i < folds_.size(); ++i)
    result.folds.push_back({folds_[i], simplified(i + 1, best_of(i + 1)), 0, 0});
  measure(result);
  return result;
}

}  // namespace

std::vector<std::size_t> assign_folds(std::span<const std::string> names, std::size_t folds) {
  std::vector<std::string> footage;
  for (const auto& name : names) {
    const auto base = eval::without_detector(name);
    if (std::ranges::count(footage, base) == 0) footage.push_back(base);
  }
  const auto count = std::max<std::size_t>(1, std::min(folds, footage.size()));
  std::vector<std::size_t> result;
  for (const auto& name : names) {
    const auto place = std::ranges::find(footage, eval::without_detector(name)) - footage.begin();
    result.push_back(static_cast<std::size_t>(place) % count);
  }
  return result;
}

TuningResult tune(Evaluator& evaluator, std::span<const Parameter> parameters, const Config& base, TrialLog& log,
                  const TuningOptions& options) {
  return Search(evaluator, parameters, base, log, options).run();
}

}  // namespace onepass::tune
