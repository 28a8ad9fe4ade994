#include "sink/web/camera_page.hpp"

#include <algorithm>
#include <utility>

#include "sink/video/jpeg.hpp"

namespace onepass::sink {
namespace {

constexpr std::size_t recent_identities = 60;  // ended identities kept for the page, with their pictures
constexpr int view_quality_percent = 75;
constexpr int shot_quality_percent = 85;
const cv::Scalar no_image_color(40, 34, 30);  // BGR; background for a stream without images

/// Returns the frame; if it has no image, with a plain image of its size.
Frame with_image(Frame frame) {
  const cv::Size size = frame.size.empty() ? cv::Size(640, 360) : frame.size;
  if (frame.image.empty()) frame.image = cv::Mat(size, CV_8UC3, no_image_color);
  return frame;
}

}  // namespace

CameraPage::CameraPage(StreamInfo stream, const ViewLimits& limits, WebIdentities identities)
    : stream_(std::move(stream)),
      limits_(limits),
      identities_(std::move(identities)),
      annotator_(stream_.class_names, stream_.counting) {}

bool CameraPage::record(const Frame& frame, std::span<const Track> tracks) {
  annotator_.update(frame, tracks);
  CameraCounts counts;
  counts.objects = static_cast<std::int64_t>(tracks.size());
  for (const auto& track : tracks) {
    const auto index = static_cast<std::size_t>(track.class_id);
    const auto& names = stream_.class_names;
    ++counts.by_class[index < names.size() ? names[index] : std::to_string(track.class_id)];
  }
  counts.frame_index = frame.index;
  counts.time_s = frame.time.count();
  counts.zones = counted_zones();
  counts.size = frame.size.empty() ? frame.image.size() : frame.size;

  const auto now = Clock::now();
  const bool due = !last_snapshot_ || std::chrono::duration<double>(now - *last_snapshot_).count() >= 1 / limits_.rate;
  std::shared_ptr<const Snapshot> snapshot;
  if (due) {
    const auto number = (newest_ ? newest_->number : 0) + 1;  // only this thread changes newest_
    snapshot = std::make_shared<Snapshot>(Snapshot{number, frame, {tracks.begin(), tracks.end()}, annotator_});
    last_snapshot_ = now;
  }
  const std::lock_guard lock(mutex_);
  counts.identities = counts_.identities;
  counts_ = std::move(counts);
  heat_.add(frame, tracks);
  if (first_size_.empty()) first_size_ = counts_.size;
  if (due) newest_.swap(snapshot);
  return due;
}

void CameraPage::record(const IdentityEvent& event, cv::Size picture) {
  const std::lock_guard lock(mutex_);
  if (event.kind == IdentityEventKind::started) ++counts_.identities;
  visits_.add(event, picture.empty() ? first_size_ : picture);
  if (event.kind != IdentityEventKind::ended) {
    current_[event.id] = event;
    return;
  }
  current_.erase(event.id);
  std::erase_if(recent_, [&](const auto& other) { return other.id == event.id; });
  recent_.push_front(event);
  if (recent_.size() > recent_identities) recent_.pop_back();
}

std::vector<CountedZone> CameraPage::counted_zones() const {
  std::vector<CountedZone> result;
  for (std::size_t zone = 0; zone < annotator_.zone_counts().size(); ++zone)
    result.push_back({annotator_.zones()[zone], annotator_.zone_counts()[zone]});
  return result;
}

void CameraPage::idle(const Frame& now) {
  annotator_.update(now, {});
  auto zones = counted_zones();
  clear();
  const std::lock_guard lock(mutex_);
  counts_.zones = std::move(zones);
}

void CameraPage::clear() {
  const std::lock_guard lock(mutex_);
  counts_.objects = 0;
  counts_.by_class.clear();
}

void CameraPage::finish() {
  clear();
  const std::lock_guard lock(mutex_);
  counts_.ended = true;
}

std::int64_t CameraPage::picture_number() const {
  const std::lock_guard lock(mutex_);
  return newest_ ? newest_->number : 0;
}

Picture CameraPage::picture() {
  const std::lock_guard encoding(encoding_);
  std::shared_ptr<const Snapshot> snapshot;
  {
    const std::lock_guard lock(mutex_);
    snapshot = newest_;
  }
  if (snapshot && snapshot->number != encoded_.number) {
    const auto image = snapshot->annotator.render(with_image(snapshot->frame), snapshot->tracks);
    auto jpeg = to_jpeg(shrunk(image, limits_.size), view_quality_percent);
    encoded_ = {snapshot->number, std::make_shared<const std::vector<unsigned char>>(std::move(jpeg))};
  }
  return encoded_;
}

std::vector<unsigned char> CameraPage::heat_map() const {
  std::shared_ptr<const Snapshot> snapshot;
  cv::Mat1f cells;
  {
    const std::lock_guard lock(mutex_);
    snapshot = newest_;
    cells = heat_.cells().clone();
  }
  if (!snapshot) return {};
  return to_jpeg(draw_heat(shrunk(with_image(snapshot->frame).image, limits_.size), cells), view_quality_percent);
}

std::vector<unsigned char> CameraPage::picture_without_zones() const {
  std::shared_ptr<const Snapshot> snapshot;
  {
    const std::lock_guard lock(mutex_);
    snapshot = newest_;
  }
  if (!snapshot) return {};
  auto annotator = snapshot->annotator;
  annotator.hide_zones();
  return to_jpeg(shrunk(annotator.render(with_image(snapshot->frame), snapshot->tracks), limits_.size),
                 view_quality_percent);
}

cv::Size CameraPage::first_size() const {
  const std::lock_guard lock(mutex_);
  return first_size_;
}

CameraIdentities CameraPage::identities() const {
  const std::lock_guard lock(mutex_);
  CameraIdentities identities;
  for (const auto& [id, event] : current_) identities.current.push_back(event);
  identities.recent.assign(recent_.begin(), recent_.end());
  return identities;
}

CameraCounts CameraPage::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::vector<Visit> CameraPage::visits_of(std::int64_t id) const {
  const std::lock_guard lock(mutex_);
  return visits_.visits_of(id);
}

std::shared_ptr<const std::vector<unsigned char>> CameraPage::view(std::int64_t visit, std::size_t number) const {
  const std::lock_guard lock(mutex_);
  return visits_.view(visit, number);
}

std::optional<std::vector<SimilarIdentity>> CameraPage::similar_to(std::int64_t id) const {
  if (!identities_.similar) return std::nullopt;
  return identities_.similar(id);
}

std::vector<unsigned char> CameraPage::best_shot(std::int64_t id) const {
  cv::Mat image;
  {
    const std::lock_guard lock(mutex_);
    const auto found = current_.find(id);
    if (found != current_.end()) image = found->second.best_shot;
    for (const auto& event : recent_) {
      if (image.empty() && event.id == id) image = event.best_shot;
    }
  }
  return to_jpeg(image, shot_quality_percent);
}

}  // namespace onepass::sink
