#include "scene/ground.hpp"

#include <opencv2/imgproc.hpp>

namespace onepass::scene {
namespace {

constexpr int texture_size = 256;
constexpr float farthest_m = 400;  // the ground ends at this distance

float sky_light(const View& view) { return std::min(view.light.ambient + view.light.direct, 1.05F); }

unsigned char to_byte(float value) { return static_cast<unsigned char>(std::clamp(value, 0.0F, 255.0F) + 0.5F); }

enum class Surface { plain, slabs, bricks, asphalt, grass };

/// Brightness factor of the joints between slabs or bricks at a texel of the tile.
float joint_at(Surface surface, int x, int y) {
  if (surface == Surface::slabs) return x % 64 < 2 || y % 64 < 2 ? 0.78F : 1;
  if (surface != Surface::bricks) return 1;
  const int shift = (y / 16) % 2 * 16;
  return (x + shift) % 32 < 2 || y % 16 < 2 ? 0.8F : 1;
}

/// Brightness factor of the slab or brick at a texel; it varies slightly between them.
float tone_of(Surface surface, int x, int y, const cv::Mat& noise) {
  if (surface == Surface::slabs)
    return 0.92F +
           0.16F * static_cast<float>(noise.at<unsigned char>(y / 64 * 37 % texture_size, x / 64 * 53 % texture_size)) /
               255;
  if (surface != Surface::bricks) return 1;
  const int column = (x + (y / 16) % 2 * 16) % texture_size / 32;
  return 0.85F +
         0.3F * static_cast<float>(noise.at<unsigned char>(y / 16 * 29 % texture_size, column * 71 % texture_size)) /
             255;
}

Texture make_texture(Random& random, Surface surface, const Color& color, float meters) {
  const auto fine = noise_tile(random, texture_size, 64, 256);
  const auto coarse = noise_tile(random, texture_size, 4, 32);
  const float grain = surface == Surface::grass ? 0.45F : surface == Surface::asphalt ? 0.22F : 0.14F;
  cv::Mat tile(texture_size, texture_size, CV_8UC4);
  for (int y = 0; y < texture_size; ++y) {
    for (int x = 0; x < texture_size; ++x) {
      const float fine_value = static_cast<float>(fine.at<unsigned char>(y, x)) / 255 - 0.5F;
      const float coarse_value = static_cast<float>(coarse.at<unsigned char>(y, x)) / 255 - 0.5F;
      const float brightness =
          (1 + grain * fine_value + 0.12F * coarse_value) * joint_at(surface, x, y) * tone_of(surface, x, y, coarse);
      const auto value = color * brightness;
      tile.at<cv::Vec4b>(y, x) = {to_byte(value[0]), to_byte(value[1]), to_byte(value[2]), 0};
    }
  }
  Texture texture{{tile}, meters};
  while (texture.levels.back().rows > 1) {
    cv::Mat half;
    cv::resize(texture.levels.back(), half, texture.levels.back().size() / 2, 0, 0, cv::INTER_AREA);
    texture.levels.push_back(half);
  }
  return texture;
}

/// Faster than std::floor, which is a function call on targets without a rounding instruction.
int floored(float value) {
  const int whole = static_cast<int>(value);
  return whole - (static_cast<float>(whole) > value ? 1 : 0);
}

/// The four neighbors of a position in a repeating tile whose side is a power of two, and their bilinear weights.
struct Neighbors {
  int left, right, top, bottom;
  int right_share, lower_share;  ///< weights, 256 = 1

  Neighbors(const cv::Mat& tile, float x, float y) {
    const int column = floored(x);
    const int row = floored(y);
    const int mask = tile.cols - 1;
    left = column & mask;
    right = (column + 1) & mask;
    top = row & mask;
    bottom = (row + 1) & mask;
    right_share = static_cast<int>((x - static_cast<float>(column)) * 256);
    lower_share = static_cast<int>((y - static_cast<float>(row)) * 256);
  }
};

/// Interpolates two bytes at once, each in its own 16 bits to hold the product with a weight of up to 256.
std::uint32_t between(std::uint32_t first, std::uint32_t second, int share) {
  return (first * static_cast<std::uint32_t>(256 - share) + second * static_cast<std::uint32_t>(share)) >> 8 & 0xff00ff;
}

/// Bilinear interpolation of a CV_8UC4 tile; all channels are computed in pairs.
Color sample_color(const cv::Mat& tile, float x, float y) {
  const Neighbors at(tile, x, y);
  const auto* upper = tile.ptr<std::uint32_t>(at.top);
  const auto* lower = tile.ptr<std::uint32_t>(at.bottom);
  const auto pair = [&](int shift) {
    const auto above = between(upper[at.left] >> shift & 0xff00ff, upper[at.right] >> shift & 0xff00ff, at.right_share);
    const auto below = between(lower[at.left] >> shift & 0xff00ff, lower[at.right] >> shift & 0xff00ff, at.right_share);
    return between(above, below, at.lower_share);
  };
  const auto even = pair(0);
  return {static_cast<float>(even & 0xff), static_cast<float>(pair(8) & 0xff), static_cast<float>(even >> 16)};
}

/// Bilinear interpolation of a CV_8UC1 tile, in 0…255.
float sample_gray(const cv::Mat& tile, float x, float y) {
  const Neighbors at(tile, x, y);
  const auto* upper = tile.ptr<unsigned char>(at.top);
  const auto* lower = tile.ptr<unsigned char>(at.bottom);
  const int above = upper[at.left] * (256 - at.right_share) + upper[at.right] * at.right_share;
  const int below = lower[at.left] * (256 - at.right_share) + lower[at.right] * at.right_share;
  return static_cast<float>(above * (256 - at.lower_share) + below * at.lower_share) * 0x1p-16F;
}

/// The mipmap level of a texture that fits one row of pixels.
struct Level {
  const cv::Mat& tile;
  float texels_per_m;

  Color at(float x, float y) const { return sample_color(tile, x * texels_per_m - 0.5F, y * texels_per_m - 0.5F); }
};

/// @param footprint_m side of the ground area that a pixel covers, in meters
Level level_of(const Texture& texture, float footprint_m) {
  const float texels = footprint_m / texture.meters * texture_size;
  const auto last = static_cast<int>(texture.levels.size()) - 1;
  const int level = std::clamp(static_cast<int>(std::log2(std::max(texels, 1.0F)) + 0.3F), 0, last);
  const auto& tile = texture.levels[static_cast<std::size_t>(level)];
  return {tile, static_cast<float>(tile.cols) / texture.meters};
}

/// Share of a pixel with this footprint that lies in a band around 0.
float in_band(float distance, float half_width, float footprint) {
  return std::clamp((half_width - std::abs(distance)) / std::max(footprint, 1e-3F) + 0.5F, 0.0F, 1.0F);
}

/// Signed distance from the nearest multiple of `spacing`.
float from_nearest(float value, float spacing) {
  return value - spacing * static_cast<float>(floored(value / spacing + 0.5F));
}

/// Values shared by all ground pixels of an image row; assumes a camera with almost no roll.
struct RowOfGround {
  Level paving;
  Level asphalt;
  float footprint;  ///< side of the ground area that a pixel covers, in meters
  float light;
  float lost;  ///< share replaced by haze
  float sky;   ///< share of sky color, into which distant ground fades
};

RowOfGround row_of(const Ground& ground, const View& view, float distance) {
  const float across = distance / view.camera.focal;
  const float along = std::max(across * distance / view.camera.position.z, across);
  const float footprint = std::sqrt(along * across);
  return {level_of(ground.paving, footprint),
          level_of(ground.asphalt, footprint),
          footprint,
          view.light.on({0, 0, 1}),
          view.light.lost(distance),
          std::clamp((distance - 80) / (farthest_m - 80), 0.0F, 1.0F)};
}

Color with_road(const Road& road, const RowOfGround& row, cv::Point2f place, const Color& outside) {
  const auto at = road.from_world(place);
  const float across = std::abs(at.y);
  if (across > road.half_width_m + 0.5F + row.footprint) return outside;
  const float share = std::clamp((road.half_width_m - across) / std::max(row.footprint, 1e-3F) + 0.5F, 0.0F, 1.0F);
  auto color = mixed(outside, row.asphalt.at(place.x, place.y), share);
  const Color paint{215, 220, 220};
  color = mixed(color, {165, 168, 170}, in_band(across - road.half_width_m - 0.1F, 0.12F, row.footprint));
  const bool at_crossing = road.has_crossing && std::abs(at.x) < 2.2F;
  if (at_crossing && across < road.half_width_m - 0.3F) {
    const float stripe = in_band(from_nearest(at.y, 1), 0.25F, row.footprint);
    return mixed(color, paint, 0.85F * stripe * in_band(at.x, 1.7F, row.footprint));
  }
  const float dash = in_band(from_nearest(at.x, 4), 1, row.footprint);
  return mixed(color, paint, 0.8F * dash * in_band(at.y, 0.07F, row.footprint));
}

Color ground_color(const Ground& ground, const View& view, const RowOfGround& row, cv::Point2f place) {
  auto color = row.paving.at(place.x, place.y);
  if (ground.road.exists) color = with_road(ground.road, row, place, color);
  const float stain = sample_gray(ground.stains, place.x * 9, place.y * 9) / 255;
  return mixed(view.seen(color, row.light * (0.84F + 0.32F * stain), row.lost), ground.sky_low * sky_light(view),
               row.sky);
}

void draw_row(Canvas& canvas, const View& view, const Ground& ground, int y) {
  const auto& camera = view.camera;
  const float height = camera.position.z;
  const auto pixel_y = static_cast<float>(y + canvas.origin.y);
  const float middle_z = camera.ray({0.5F * static_cast<float>(camera.size.width), pixel_y}).z;
  const auto row = row_of(ground, view, std::min(height / std::max(-middle_z, 1e-4F), farthest_m));
  auto* line = canvas.colors.ptr<cv::Vec3b>(y);
  for (int x = 0; x < canvas.colors.cols; ++x) {
    const auto ray = camera.ray({static_cast<float>(x + canvas.origin.x), pixel_y});
    const float distance = height / std::max(-ray.z, 1e-4F);  // along the camera axis
    Color color;
    if (distance < farthest_m) {
      const cv::Point2f place(camera.position.x + ray.x * distance, camera.position.y + ray.y * distance);
      color = ground_color(ground, view, row, place);
    } else {
      const float rise = std::clamp(ray.z * 2.2F, 0.0F, 1.0F);
      color = mixed(ground.sky_low, ground.sky_high, rise) * sky_light(view);
    }
    line[x] = {to_byte(color[0]), to_byte(color[1]), to_byte(color[2])};
  }
}

House random_house(Random& random, cv::Point2f corner) {
  House house{.corner = corner};
  house.width_m = random.real(8, 22);
  house.height_m = random.real(5, 16);
  house.floors = std::max(2, static_cast<int>(house.height_m / 3.1F));
  house.columns = std::max(2, static_cast<int>(house.width_m / random.real(2.2, 4)));
  const float value = random.real(90, 215);
  house.wall = {value * random.real(0.7, 1), value * random.real(0.85, 1), value};
  house.windows = Color(95, 85, 75) * random.real(0.6, 1.3);
  return house;
}

}  // namespace

cv::Mat noise_tile(Random& random, int size, int coarsest, int finest) {
  cv::Mat sum = cv::Mat::zeros(size, size, CV_32F);
  float weight = 1;
  float total = 0;
  for (int cells = coarsest; cells <= finest; cells *= 2, weight *= 0.75F) {
    cv::Mat grid(cells, cells, CV_32F);
    for (int i = 0; i < cells * cells; ++i) grid.at<float>(i / cells, i % cells) = random.real(0, 255);
    cv::Mat wrapped;
    cv::copyMakeBorder(grid, wrapped, 2, 2, 2, 2, cv::BORDER_WRAP);
    const int scale = size / cells;
    cv::resize(wrapped, wrapped, cv::Size(), scale, scale, cv::INTER_LINEAR);
    sum += weight * wrapped(cv::Rect(2 * scale, 2 * scale, size, size));
    total += weight;
  }
  cv::Mat result;
  sum.convertTo(result, CV_8U, 1 / total);
  return result;
}

Ground random_ground(Random& random, const Road& road, float depth_of_houses_m, float width_m) {
  Ground ground;
  static constexpr std::array surfaces{Surface::slabs,   Surface::slabs, Surface::bricks,
                                       Surface::asphalt, Surface::grass, Surface::plain};
  const auto surface = random.pick(surfaces);
  const float value = random.real(95, 185);
  Color color{value * random.real(0.82, 1.02), value * random.real(0.93, 1.02), value};
  if (surface == Surface::grass) color = {random.real(40, 70), random.real(95, 130), random.real(70, 110)};
  if (surface == Surface::bricks) color = {value * 0.65F, value * 0.75F, value};
  ground.paving = make_texture(random, surface, color, surface == Surface::bricks ? 3.2F : 5);
  const float gray = random.real(65, 105);
  ground.asphalt = make_texture(random, Surface::asphalt, {gray, gray, gray * 0.97F}, 4);
  ground.stains = noise_tile(random, texture_size, 2, 16);
  ground.road = road;
  for (float x = -width_m; x < width_m;) {
    const auto house = random_house(random, {x, depth_of_houses_m + random.real(0, 6)});
    x += house.width_m + (random.chance(0.3) ? random.real(2, 9) : 0.0F);
    ground.houses.push_back(house);
  }
  const float warmth = random.real(0.85, 1.1);
  ground.sky_low = Color(228, 218, 208) * warmth;
  ground.sky_high = random.chance(0.6) ? Color(220, 170, 115) : Color(205, 198, 192);
  return ground;
}

void draw_ground(Canvas& canvas, const View& view, const Ground& ground) {
  canvas.owners.setTo(0);
  canvas.owner = 0;
  canvas.tally = nullptr;
  if (canvas.colors.empty()) return;
  for (int y = 0; y < canvas.colors.rows; ++y) draw_row(canvas, view, ground, y);
  for (const auto& house : ground.houses) draw_house(canvas, view, house);
}

}  // namespace onepass::scene
