#include "sink/video/written_text.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <pango/pangocairo.h>

namespace onepass::sink {
namespace {

template <auto free>
struct Freed {
  template <typename Object>
  void operator()(Object* object) const {
    free(object);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;

struct Canvas {
  Surface surface;
  Context context;
};

Canvas canvas_of(cv::Size size) {
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_A8, size.width, size.height));
  Context context(cairo_create(surface.get()));
  return {std::move(surface), std::move(context)};
}

Layout layout_of(cairo_t* context, const std::string& text, double em) {
  Layout layout(pango_cairo_create_layout(context));
  const Font font(pango_font_description_from_string("Sans"));
  pango_font_description_set_absolute_size(font.get(), em * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

}  // namespace

std::optional<WrittenText> write_text(const std::string& text, double em) {
  const auto probe = canvas_of({1, 1});
  const auto layout = layout_of(probe.context.get(), text, em);
  if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) return std::nullopt;
  cv::Size size;
  pango_layout_get_pixel_size(layout.get(), &size.width, &size.height);
  constexpr int widest = 1 << 14;
  size = {std::clamp(size.width, 1, widest), std::clamp(size.height, 1, widest)};
  const auto canvas = canvas_of(size);
  pango_cairo_update_layout(canvas.context.get(), layout.get());
  pango_cairo_show_layout(canvas.context.get(), layout.get());
  cairo_surface_flush(canvas.surface.get());
  const cv::Mat drawn(size, CV_8UC1, cairo_image_surface_get_data(canvas.surface.get()),
                      static_cast<std::size_t>(cairo_image_surface_get_stride(canvas.surface.get())));
  return WrittenText{drawn.clone(), pango_layout_get_baseline(layout.get()) / PANGO_SCALE};
}

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter < 0x7f; });
}

void blend_text(cv::Mat& image, const WrittenText& text, cv::Point place, const cv::Scalar& color) {
  const cv::Point corner(place.x, place.y - text.baseline);
  const auto visible = cv::Rect(corner, text.coverage.size()) & cv::Rect({}, image.size());
  for (int y = visible.y; y < visible.br().y; ++y) {
    for (int x = visible.x; x < visible.br().x; ++x) {
      const double opacity = text.coverage.at<unsigned char>(y - corner.y, x - corner.x) / 255.0;
      auto& pixel = image.at<cv::Vec3b>(y, x);
      for (int channel = 0; channel < 3; ++channel) {
        const double blended = opacity * color[channel] + (1 - opacity) * pixel[channel];
        pixel[channel] = static_cast<unsigned char>(std::lround(blended));
      }
    }
  }
}

}  // namespace onepass::sink
