// Makes annotations, and writes them as files.
#pragma once

#include <algorithm>
#include <random>
#include <span>

#include <opencv2/core.hpp>

#include "formats/registry.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::test {

using formats::Annotation;
using formats::Annotations;
using formats::Format;

inline const cv::Size frame_size(1280, 720);

/// A filled rectangle as COCO's run lengths.
inline Mask mask_of(const Annotation& object) {
  const auto inside = [](double value, int size) { return static_cast<int>(std::clamp<double>(value, 0, size - 1)); };
  const int left = inside(object.left, frame_size.width), top = inside(object.top, frame_size.height);
  const int right = std::max(left + 1, inside(object.left + object.width, frame_size.width));
  const int bottom = std::max(top + 1, inside(object.top + object.height, frame_size.height));
  cv::Mat picture = cv::Mat::zeros(frame_size, CV_8U);
  picture(cv::Rect(cv::Point(left, top), cv::Point(right, bottom))) = 255;
  return to_mask(picture);
}

/// Tracks with gaps, boxes that leave the frame, empty frames and several classes; pixels with two decimals.
inline Annotations random_annotations(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  const auto pixels = [&](int limit) { return below(limit * 100) / 100.0; };
  Annotations result{
      .name = "street", .size = frame_size, .frame_rate = 25, .class_names = {{1, "person"}, {2, "car"}}};
  const int frames = 5 + below(30);
  const int identities = 1 + below(8);
  for (int frame = 1; frame <= frames; ++frame) {
    if (below(8) == 0) continue;
    for (int id = 0; id < identities; ++id) {
      if (below(5) == 0) continue;
      result.objects.push_back({.frame = frame,
                                .id = id,
                                .left = pixels(1300) - 50,
                                .top = pixels(700) - 20,
                                .width = pixels(200) + 1,
                                .height = pixels(300) + 1,
                                .score = below(10001) / 10000.0,
                                .class_id = 1 + id % 2});
    }
  }
  result.frame_count = frames;
  formats::finish(result, "made here");
  return result;
}

inline void write(const Annotations& annotations, const Format& format, const std::filesystem::path& path) {
  const auto writer = format.make_writer(
      path, Overwrite::refuse,
      {annotations.name, annotations.frame_rate, annotations.class_names, formats::has_marks(annotations)});
  std::size_t begin = 0;
  for (std::int64_t number = 1; number <= annotations.frame_count; ++number) {
    auto end = begin;
    while (end < annotations.objects.size() && annotations.objects[end].frame == number) ++end;
    writer->write({number, annotations.size, std::span(annotations.objects).subspan(begin, end - begin)});
    begin = end;
  }
  writer->close();
}

/// Formats of masks have no boxes, and COCO's have both.
inline Annotations with_masks(Annotations annotations, const Format& format) {
  if (!format.keeps_part(formats::Part::masks)) return annotations;
  for (auto& object : annotations.objects) {
    object.shape.mask = mask_of(object);
    if (format.name != "mots") continue;
    const auto box = bounding_box(object.shape.mask);
    object.left = box.left;
    object.top = box.top;
    object.width = box.width;
    object.height = box.height;
  }
  return annotations;
}

}  // namespace onepass::test
