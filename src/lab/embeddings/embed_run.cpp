#include "lab/embeddings/embed_run.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "batch/fingerprint.hpp"
#include "detect/forward_pass.hpp"
#include "embed/embedder.hpp"
#include "io/location.hpp"
#include "io/npy.hpp"
#include "io/output_file.hpp"
#include "lab/crop.hpp"
#include "lab/embeddings/embed_journal.hpp"
#include "lab/embeddings/embedding_files.hpp"
#include "lab/identities.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::lab {
namespace {

namespace fs = std::filesystem;

// Frames between two saves of the journal: a killed run repeats at most this many.
constexpr std::int64_t journal_every = 25;
constexpr double track_overlap = 0.5;  // min IoU of a detection with a box of options.tracks

fs::path journal_of(const fs::path& folder) { return folder / "resume.cbor"; }

/// All settings that affect the result, so that a run cannot be resumed with other settings.
std::string settings_of(const EmbedRunOptions& options, const Config& config) {
  const auto model = batch::fingerprint_of_file(options.model).value();
  auto text = fmt::format("model {} {} {:08x}\nsubject {} stride {} tracks {}\n", fs::absolute(options.model).string(),
                          model.bytes, model.checksum, static_cast<int>(options.subject), options.stride,
                          options.tracks.string());
  for (const auto& source : options.sources) text += fmt::format("source {}\n", source);
  if (options.stream) text += fmt::format("stream {}\n", *options.stream);
  return text + dump_yaml(config);
}

/// For whole frames, returns settings that average each layer over the frame; otherwise `config`.
EmbedConfig embed_config(const EmbedRunOptions& options, EmbedConfig config) {
  if (options.subject != EmbedSubject::frame) return config;
  config.method = EmbedMethod::roi;
  config.pooling = EmbedPooling::area;
  config.region = EmbedRegion::box;
  config.stripes = {1};
  config.columns = 1;
  config.center_weight = 1;
  config.standardize = false;
  config.visible_parts = false;
  config.calibration.clear();
  return config;
}

/// Replaces the detections by one box that covers the frame.
void take_whole_frame(detect::PassResult& pass) {
  const auto size = pass.letterbox.frame;
  const Box box{0, 0, static_cast<float>(size.width), static_cast<float>(size.height)};
  pass.detections = {{box, 1, -1, {}}};
  pass.placed = {{detect::to_input_box(box, pass.letterbox), 1, {}}};
}

/// Returns the index of the detection whose center is nearest to the frame's center.
std::size_t most_central(const std::vector<Detection>& detections, cv::Size frame) {
  const auto distance = [&](const Detection& detection) {
    return std::hypot(detection.box.center_x() - static_cast<float>(frame.width) / 2,
                      detection.box.center_y() - static_cast<float>(frame.height) / 2);
  };
  const auto nearest = std::ranges::min_element(detections, {}, distance);
  return static_cast<std::size_t>(nearest - detections.begin());
}

class EmbedRun {
 public:
  EmbedRun(const EmbedRunOptions& options, const Config& config)
      : options_(options), config_(config), settings_(settings_of(options, config)) {
    const detect::EmbeddingNetwork model(options.model, config.detector, embed_config(options, config.embed));
    plan_ = model.plan;
    calibration_ = model.open_calibration(config.detector.imgsz);
    pass_.emplace(model.network, config.detector, plan_.region);
    if (!options.tracks.empty()) identities_ = read_tracks(options.tracks);
    open_files();
  }

  EmbedRunResult run() {
    for (auto source = first_source_; source < options_.sources.size(); ++source) {
      run_source(source, source == first_source_ ? first_index_ : 0);
      if (result_.stopped) return result_;
      embedder_.emplace(plan_, calibration_);  // the statistics belong to a single stream
      save(source + 1, 0);
    }
    files_->finish();
    result_.rows = files_->rows();
    io::OutputFile record(options_.folder / "config.yaml", Overwrite::replace);
    record.write(dump_yaml(config_));
    record.close();
    fs::remove(journal_of(options_.folder));
    return result_;
  }

 private:
  void open_files() {
    std::error_code error;
    fs::create_directories(options_.folder, error);
    if (error)
      throw std::runtime_error(
          fmt::format("{}: cannot create this folder: {}", options_.folder.string(), error.message()));
    embedder_.emplace(plan_, calibration_);
    const auto journal = options_.resume ? read_journal(journal_of(options_.folder)) : std::nullopt;
    if (!journal) {
      files_.emplace(options_.folder);
      save(0, 0);
      return;
    }
    if (journal->settings != settings_)
      throw SettingError(
          "overwrite",
          fmt::format("{}: the interrupted run had another model, other sources or other settings; repeat these, or "
                      "start again",
                      options_.folder.string()));
    files_.emplace(options_.folder, journal->files);
    if (journal->embedder.statistics.size() != embedder_->statistics().size())
      throw damaged_journal(journal_of(options_.folder), "statistics of other layers");
    embedder_->restore(journal->embedder);
    first_source_ = static_cast<std::size_t>(journal->source);
    first_index_ = journal->next_index;
  }

  void run_source(std::size_t number, std::int64_t first_index) {
    SourceOptions source_options;
    source_options.stride = options_.stride;
    source_options.stream = options_.stream;
    source_options.warn = options_.warn;
    const auto source = open_source(options_.sources[number], source_options);
    std::int64_t frames = 0;
    std::int64_t next_index = first_index;
    while (!options_.stop()) {
      const auto frame = source->next();
      if (!frame) return;
      options_.progress(source->info(), ++frames);
      if (frame->index < first_index) continue;  // already in the files
      embed_frame(number, *frame);
      next_index = frame->index + 1;
      if (++result_.frames % journal_every == 0) save(number, next_index);
    }
    save(number, next_index);
    result_.stopped = true;
    result_.rows = files_->rows();
  }

  void embed_frame(std::size_t source, const Frame& frame) {
    auto pass = pass_->run(frame);
    if (options_.subject == EmbedSubject::frame) take_whole_frame(pass);
    // All detections update the statistics, even if only one is kept.
    const auto embeddings = embedder_->embed(pass.taps, pass.placed);
    if (options_.maps) write_maps(source, frame, pass.taps);
    const auto identities = identify_frame(frame.index, pass.detections);
    const auto central = most_central(pass.detections, frame.size);
    for (std::size_t i = 0; i < embeddings.size(); ++i) {
      if (options_.subject == EmbedSubject::central && i != central) continue;
      if (embeddings[i].size() == 0) {
        ++result_.without_embedding;
        continue;
      }
      const auto& detection = pass.detections[i];
      if (options_.crops) write_crop(frame.image, detection.box);
      files_->append({io::without_credentials(options_.sources[source]), frame.index + 1, detection.box,
                      detection.score, detection.class_id, class_name(detection.class_id), identities[i].value_or(0)},
                     embeddings[i]);
    }
  }

  std::vector<std::optional<std::int64_t>> identify_frame(std::int64_t index,
                                                          const std::vector<Detection>& detections) const {
    const auto found = identities_.find(index + 1);
    if (found == identities_.end()) return std::vector<std::optional<std::int64_t>>(detections.size());
    return identify(detections, found->second, track_overlap);
  }

  std::string class_name(int class_id) const {
    const auto& names = pass_->network().class_names;
    return class_id >= 0 && static_cast<std::size_t>(class_id) < names.size()
               ? names[static_cast<std::size_t>(class_id)]
               : "";
  }

  void write_maps(std::size_t source, const Frame& frame, const std::vector<model::Tensor>& taps) const {
    fs::create_directories(options_.folder / "maps");
    for (std::size_t i = 0; i < taps.size(); ++i) {
      const auto map = model::channels_first(taps[i]);
      const auto name = fmt::format("{}-{}-{:06}-layer{}.npy", source + 1, source_name(options_.sources[source]),
                                    frame.index + 1, plan_.layers[i]);
      io::write_npy(options_.folder / "maps" / name, map.sizes(), map.floats());
    }
  }

  void write_crop(const cv::Mat& image, const Box& box) const {
    const auto rect = pixels_of(box, image.size());
    if (rect.empty()) return;
    const auto folder = options_.folder / "crops";
    fs::create_directories(folder);
    const auto file = folder / fmt::format("{:06}.jpg", files_->rows());
    if (!cv::imwrite(file.string(), image(rect))) throw std::runtime_error(file.string() + ": cannot be written");
  }

  void save(std::size_t source, std::int64_t next_index) {
    write_journal(journal_of(options_.folder),
                  {settings_, static_cast<std::int64_t>(source), next_index, files_->flush(), embedder_->state()});
  }

  const EmbedRunOptions& options_;
  const Config& config_;
  std::string settings_;
  std::optional<detect::ForwardPass> pass_;
  embed::EmbedPlan plan_;
  TracksByFrame identities_;
  std::optional<embed::Calibration> calibration_;
  std::optional<embed::Embedder> embedder_;
  std::optional<EmbeddingFiles> files_;
  std::size_t first_source_ = 0;
  std::int64_t first_index_ = 0;
  EmbedRunResult result_;
};

}  // namespace

bool is_interrupted(const fs::path& folder) { return fs::exists(journal_of(folder)); }

EmbedRunResult embed_sources(const EmbedRunOptions& options, const Config& config) {
  if (!fs::exists(options.model)) throw std::runtime_error(options.model + ": no such file");
  return EmbedRun(options, config).run();
}

}  // namespace onepass::lab
